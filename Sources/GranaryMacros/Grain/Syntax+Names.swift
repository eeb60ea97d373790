import SwiftSyntax

extension DeclSyntax {
    /// The name of the type that this declares, if it declares one.
    var declaredTypeName: String? {
        if let declaration = self.as(TypeAliasDeclSyntax.self) { return declaration.name.plainName }
        guard asProtocol((any DeclGroupSyntax).self) != nil else { return nil }
        return asProtocol((any NamedDeclSyntax).self)?.name.plainName
    }

    /// The names that this declares in the instance or the type around it.
    var declaredNames: [TokenSyntax] {
        if let variable = self.as(VariableDeclSyntax.self) {
            return variable.bindings.compactMap { $0.pattern.as(IdentifierPatternSyntax.self)?.identifier }
        }
        return asProtocol((any NamedDeclSyntax).self).map { [$0.name] } ?? []
    }
}

extension FunctionDeclSyntax {
    /// Whether this can be the runtime's hook: an instance method of so many parameters.
    func isHook(parameters count: Int) -> Bool {
        !modifiers.contains(.static) && signature.parameterClause.parameters.count == count
    }
}

extension ActorDeclSyntax {
    /// The user's members whose names the macro needs for its own.
    var reservedNames: [TokenSyntax] {
        let reserved = ["Reference", "context", "_turns", "_descriptor", "_bind"]
        return memberBlock.members.flatMap(\.decl.declaredNames).filter { reserved.contains($0.plainName) }
    }

    /// Whether `@Grain` can add anything that compiles.
    func canBeGrain(in lexicalContext: [Syntax]) -> Bool {
        genericParameterClause == nil && reservedNames.isEmpty && !lexicalContext.contains(where: \.isGeneric)
    }

    private var initializers: [InitializerDeclSyntax] {
        memberBlock.members.compactMap { $0.decl.as(InitializerDeclSyntax.self) }
    }

    /// Whether the user wrote an initialiser, so that none is generated.
    var hasInitializer: Bool { !initializers.isEmpty }

    /// Whether the runtime can make this actor from its context alone.
    func isSelfMade(access: AccessLevel) -> Bool {
        initializers.isEmpty
            || initializers.contains { initializer in
                let parameters = initializer.signature.parameterClause.parameters
                return parameters.count == 1 && parameters.first?.firstName.text == "context"
                    && initializer.optionalMark == nil && initializer.genericParameterClause == nil
                    && initializer.signature.effectSpecifiers?.asyncSpecifier == nil
                    && (AccessLevel(initializer.modifiers) ?? .internal) >= access
            }
    }
}
