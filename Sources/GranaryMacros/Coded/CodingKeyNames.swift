import SwiftSyntax

/// The keys that a type declares as its `CodingKeys`, or those that the compiler makes if it declares none.
struct CodingKeyNames {
    /// The keys by the names of their cases; `nil` if none are declared.
    private var declared: [String: String]?

    /// Looks for the keys.
    ///
    /// - Parameters:
    ///   - declaration: The type that declares them in its own braces, or does not.
    ///   - name: The name of their type.
    ///   - problems: Gets what is wrong with them.
    init(in declaration: some DeclGroupSyntax, named name: String, problems: inout Problems) {
        let member = declaration.memberBlock.members.lazy.map(\.decl).first { $0.declaredTypeName == name }
        guard let member else { return }
        guard let keys = member.as(EnumDeclSyntax.self), keys.hasTextKeys else {
            problems.add(
                .error("keys-form", "'@Coded' needs '\(name)' to be an enum whose raw values, if any, are of 'String'"),
                at: member)
            return
        }
        var declared: [String: String] = [:]
        let elements = keys.memberBlock.members.compactMap { $0.decl.as(EnumCaseDeclSyntax.self) }.flatMap(\.elements)
        for element in elements {
            let key = element.rawValue.map { $0.value.literalString } ?? element.name.plainName
            guard let key, !key.unicodeScalars.contains("\0"), key.utf8.count < 1024 else {
                problems.add(.error("key-form", "'@Coded' cannot write this key"), at: element)
                continue
            }
            declared[element.name.plainName] = key
        }
        self.declared = declared
    }

    /// The key of a property, a case or a case's value; `nil` if it is not written.
    func key(of name: String) -> String? { declared == nil ? name : declared?[name] }
}

extension EnumDeclSyntax {
    fileprivate var hasTextKeys: Bool {
        let names = inheritanceClause?.inheritedTypes.map { $0.type.trimmedDescription } ?? []
        return !names.contains { $0.hasSuffix("Int") }
            && !memberBlock.members.contains { $0.decl.is(IfConfigDeclSyntax.self) }
    }
}
