import SwiftSyntax
import SwiftSyntaxMacros

extension CallMethod {
    /// Types of which everybody knows that they travel: a check of them only costs compile time.
    private static let knownTypes: Set<String> = [
        "String", "Bool", "Int", "Int8", "Int16", "Int32", "Int64", "UInt", "UInt8", "UInt16", "UInt32", "UInt64",
        "Float", "Double", "[String]", "[Int]", "String?", "Int?", "Bool?", "Double?",
    ]

    /// A function that nobody calls: it makes the compiler say, at the user's own line, which type cannot travel.
    ///
    /// A macro sees no types. `#sourceLocation` moves the compiler's error from the expansion to the method.
    ///
    /// - Parameters:
    ///   - methods: The methods whose types must travel.
    ///   - context: Knows where they stand.
    /// - Returns: One declaration, or none when every type is known to travel.
    static func checks(of methods: [CallMethod], in context: some MacroExpansionContext) -> [String] {
        let lines = methods.flatMap { $0.checkLines(in: context) }
        if lines.isEmpty { return [] }
        let name = context.makeUniqueName("travels")
        // The types of a deprecated method may be deprecated too; here they are named without a warning.
        return [
            """
            @available(*, deprecated)
            private nonisolated static func \(name.text)() {
            \(lines.joined(separator: "\n"))
            }
            """
        ]
    }

    private func checkLines(in context: some MacroExpansionContext) -> [String] {
        var types = zip(function.signature.parameterClause.parameters, parameters).map {
            (node: $0.type, text: $1.type)
        }
        if let node = function.signature.returnClause?.type, let result { types.append((node, result)) }
        return types.compactMap { type in
            guard !Self.knownTypes.contains(type.text),
                let location = context.location(of: type.node, at: .afterLeadingTrivia, filePathMode: .filePath)
            else { return nil }
            return """
                #sourceLocation(file: \(location.file), line: \(location.line))
                GranaryCore._carries((\(type.text)).self)
                #sourceLocation()
                """
        }
    }
}
