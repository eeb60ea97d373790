import SwiftSyntax

/// A stored property of a struct, or a value that belongs to a case of an enumeration.
struct CodedField {
    /// Its name in the source code, with its backticks; empty where a case's value has none.
    let name: String
    /// The key that it is written with.
    let key: String
    /// Whether reading sets it: a `let` with a value keeps that.
    var isRead = true
    /// Whether its type is spelled as an optional.
    var isOptional = false

    /// The stored properties of a struct, in order.
    ///
    /// - Parameters:
    ///   - declaration: The struct.
    ///   - problems: Gets what is wrong with them.
    /// - Returns: Those that are written.
    static func all(of declaration: some DeclGroupSyntax, problems: inout Problems) -> [CodedField] {
        let keys = CodingKeyNames(in: declaration, named: "CodingKeys", problems: &problems)
        var fields: [CodedField] = []
        for variable in declaration.memberBlock.members.compactMap({ $0.decl.as(VariableDeclSyntax.self) }) {
            if variable.isStatic { continue }
            let stored = variable.bindings.filter(\.isStored)
            guard let first = stored.first, variable.isPlain(first, problems: &problems) else { continue }
            for binding in stored {
                guard let identifier = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier else {
                    problems.add(
                        .error("field-pattern", "'@Coded' needs a name for each property"), at: binding.pattern)
                    continue
                }
                guard let key = keys.key(of: identifier.plainName) else { continue }
                let isFixed = variable.bindingSpecifier.tokenKind == .keyword(.let) && binding.initializer != nil
                fields.append(CodedField(name: identifier.text, key: key, isRead: !isFixed))
            }
        }
        return fields
    }
}

extension VariableDeclSyntax {
    /// Whether a property is what it looks like.
    fileprivate func isPlain(_ binding: PatternBindingSyntax, problems: inout Problems) -> Bool {
        let name = binding.pattern.trimmedDescription
        if modifiers.contains(.lazy) {
            problems.add(
                .error("field-lazy", "'\(name)' cannot be 'lazy' in a '@Coded' type: write it as a computed property"),
                at: binding.pattern)
            return false
        }
        let harmless = ["available", "usableFromInline"]
        let attribute = attributes.compactMap { $0.as(AttributeSyntax.self) }.first { !harmless.contains($0.baseName) }
        guard let attribute else { return true }
        problems.add(
            .error(
                "field-attribute",
                "'@Coded' does not know what '@\(attribute.baseName)' makes of '\(name)': "
                    + "declare the type 'Codable' instead"),
            at: attribute)
        return false
    }
}
