import SwiftSyntax

/// A case of an enumeration.
struct CodedCase {
    /// Its name in the source code, with its backticks.
    let name: String
    /// The key that it is written with.
    let key: String
    /// The values that belong to it.
    let fields: [CodedField]

    /// The cases of an enumeration, in order.
    ///
    /// - Parameters:
    ///   - declaration: The enumeration.
    ///   - problems: Gets what is wrong with them.
    /// - Returns: The cases.
    static func all(of declaration: some DeclGroupSyntax, problems: inout Problems) -> [CodedCase] {
        let keys = CodingKeyNames(in: declaration, named: "CodingKeys", problems: &problems)
        let elements = declaration.memberBlock.members.compactMap { $0.decl.as(EnumCaseDeclSyntax.self) }
            .flatMap(\.elements)
        if elements.isEmpty {
            problems.add(.error("no-cases", "an enum without cases has no values to write"), at: declaration.introducer)
        }
        return elements.compactMap { element in
            guard let key = keys.key(of: element.name.plainName) else {
                problems.add(
                    .error("case-without-key", "'\(element.name.plainName)' has no key, so it cannot be written"),
                    at: element.name)
                return nil
            }
            let fields = fields(of: element, in: declaration, problems: &problems)
            return CodedCase(name: element.name.text, key: key, fields: fields)
        }
    }

    private static func fields(
        of element: EnumCaseElementSyntax, in declaration: some DeclGroupSyntax, problems: inout Problems
    ) -> [CodedField] {
        guard let parameters = element.parameterClause?.parameters else { return [] }
        let name = element.name.plainName
        let keys = CodingKeyNames(
            in: declaration, named: name.prefix(1).uppercased() + name.dropFirst() + "CodingKeys", problems: &problems)
        return parameters.enumerated().compactMap { index, parameter in
            let label = parameter.firstName.map(\.text).flatMap { $0 == "_" ? nil : $0 } ?? ""
            let plain = label.isEmpty ? "_\(index)" : parameter.firstName?.plainName ?? label
            guard let key = keys.key(of: plain) else {
                problems.add(
                    .error("value-without-key", "'\(plain)' of '\(name)' has no key, so it cannot be written"),
                    at: parameter)
                return nil
            }
            return CodedField(name: label, key: key, isOptional: parameter.type.isSpelledOptional)
        }
    }
}

extension TypeSyntax {
    /// Whether this is written as `T?`, `T!` or `Optional<T>`.
    fileprivate var isSpelledOptional: Bool {
        self.is(OptionalTypeSyntax.self) || self.is(ImplicitlyUnwrappedOptionalTypeSyntax.self)
            || self.as(IdentifierTypeSyntax.self)?.name.text == "Optional"
            || self.as(MemberTypeSyntax.self)?.trimmedDescription.hasPrefix("Swift.Optional<") == true
    }
}
