import SwiftSyntax

extension DeclGroupSyntax {
    private var members: [DeclSyntax] { memberBlock.members.map(\.decl) }

    /// Whether the user wrote an initialiser in the type's own braces, so that the memberwise one is not there.
    var declaresInitializer: Bool { members.contains { $0.is(InitializerDeclSyntax.self) } }

    private var inherited: [String] {
        inheritanceClause?.inheritedTypes.map {
            $0.type.trimmedDescription.split(separator: ".").last.map(String.init) ?? ""
        } ?? []
    }

    /// Whether the type says that its values are raw values, which is then what `Codable` makes of them.
    var isRawRepresentable: Bool {
        let isRaw = inherited.contains { ["RawRepresentable", "OptionSet"].contains($0) }
        return isRaw || self.is(EnumDeclSyntax.self) && inherited.contains(where: Self.rawTypes.contains)
    }

    private static var rawTypes: Set<String> {
        [
            "String", "Int", "Int8", "Int16", "Int32", "Int64", "Int128", "UInt", "UInt8", "UInt16", "UInt32",
            "UInt64", "UInt128", "Double", "Float",
        ]
    }

    /// The parameters of this type, and of those around it, that stand in what is stored.
    func storedParameters(in lexicalContext: [Syntax]) -> [String] {
        let declared = ([Syntax(self)] + lexicalContext).flatMap { syntax in
            syntax.asProtocol((any WithGenericParametersSyntax).self)?.genericParameterClause?.parameters.map {
                $0.name.text
            } ?? []
        }
        if declared.isEmpty { return [] }
        var named: Set<String> = []
        for member in members {
            let stored: [Syntax]
            if let variable = member.as(VariableDeclSyntax.self), !variable.isStatic {
                stored = variable.bindings.compactMap(\.typeAnnotation).map(Syntax.init)
            } else if let cases = member.as(EnumCaseDeclSyntax.self) {
                stored = [Syntax(cases)]
            } else {
                stored = []
            }
            for syntax in stored { named.formUnion(syntax.tokens(viewMode: .sourceAccurate).map(\.text)) }
        }
        return declared.filter(named.contains)
    }

    /// Says what cannot be known, or would be done in two ways.
    func checkCoding(problems: inout Problems) {
        for member in members {
            if let initializer = member.as(InitializerDeclSyntax.self),
                initializer.signature.parameterClause.parameters.map(\.firstName.text) == ["from"]
            {
                problems.add(
                    .error(
                        "own-decoding",
                        "a type with an 'init(from:)' of its own cannot be '@Coded': it has its own form"),
                    at: initializer.initKeyword)
            } else if let function = member.as(FunctionDeclSyntax.self), function.name.text == "encode",
                function.signature.parameterClause.parameters.map(\.firstName.text) == ["to"]
            {
                problems.add(
                    .error(
                        "own-encoding",
                        "a type with an 'encode(to:)' of its own cannot be '@Coded': it has its own form"),
                    at: function.name)
            } else if let block = member.as(IfConfigDeclSyntax.self) {
                checkConditional(block, problems: &problems)
            }
        }
    }

    private func checkConditional(_ block: IfConfigDeclSyntax, problems: inout Problems) {
        for clause in block.clauses {
            guard case .decls(let members) = clause.elements else { continue }
            for member in members.map(\.decl) {
                if let nested = member.as(IfConfigDeclSyntax.self) {
                    checkConditional(nested, problems: &problems)
                } else if member.isPartOfValues {
                    problems.add(
                        .error(
                            "conditional-field",
                            "'@Coded' does not look inside '#if': what is stored cannot stand there"),
                        at: member)
                }
            }
        }
    }
}

extension DeclSyntax {
    /// Whether this decides what values consist of, or how they are made.
    fileprivate var isPartOfValues: Bool {
        if let variable = self.as(VariableDeclSyntax.self) {
            return !variable.isStatic && variable.bindings.contains(where: \.isStored)
        }
        return self.is(EnumCaseDeclSyntax.self) || self.is(InitializerDeclSyntax.self)
            || declaredTypeName?.hasSuffix("CodingKeys") == true
    }
}

extension PatternBindingSyntax {
    /// Whether this has storage.
    var isStored: Bool { accessorBlock?.isObserving ?? true }
}
