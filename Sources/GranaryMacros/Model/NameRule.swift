import SwiftSyntax

/// The rule for names that are stored or sent: 1 to 1,024 bytes of UTF-8, not blank, without NUL.
enum NameRule {
    /// The longest name in bytes of UTF-8.
    static let limit = 1024

    /// Reads a name out of an attribute's argument.
    ///
    /// - Parameters:
    ///   - expression: The argument.
    ///   - what: Whose name it is, for the message.
    ///   - problems: Gets what is wrong with it.
    /// - Returns: `nil` when something is wrong.
    static func read(_ expression: ExprSyntax, what: String, problems: inout Problems) -> String? {
        guard let name = expression.literalString else {
            problems.add(
                .error("name-literal", "\(what) must be a string literal without interpolation"), at: expression)
            return nil
        }
        if name.allSatisfy(\.isWhitespace) {
            problems.add(.error("name-empty", "\(what) cannot be empty"), at: expression)
            return nil
        }
        if name.unicodeScalars.contains("\0") {
            problems.add(.error("name-nul", "\(what) cannot contain NUL"), at: expression)
            return nil
        }
        if name.utf8.count > limit {
            problems.add(
                .error(
                    "name-long", "\(what) can have \(limit) bytes of UTF-8 at most; this one has \(name.utf8.count)"),
                at: expression)
            return nil
        }
        return name
    }
}
