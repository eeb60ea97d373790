import SwiftSyntax

extension AccessorBlockSyntax {
    /// Whether the block only watches a stored property (`willSet`, `didSet`).
    var isObserving: Bool {
        guard case .accessors(let list) = accessors else { return false }
        return list.allSatisfy {
            [.keyword(.willSet), .keyword(.didSet)].contains($0.accessorSpecifier.tokenKind)
        }
    }
}

extension VariableDeclSyntax {
    /// Whether the variable belongs to the type and not to an instance.
    var isStatic: Bool { modifiers.contains(.static) || modifiers.contains(.class) }

    /// The bindings of an instance's storage that only an initialiser could fill.
    ///
    /// A property wrapper may make its own value, so wrapped properties are left to the compiler.
    var bindingsWithoutDefault: [PatternBindingSyntax] {
        guard !isStatic, !modifiers.contains(.lazy), attributes.isEmpty else { return [] }
        return bindings.enumerated().compactMap { index, binding in
            if binding.initializer != nil { return nil }
            if let accessors = binding.accessorBlock, !accessors.isObserving { return nil }
            // In `var a, b: Int?` the type stands with the last name.
            let type = bindings.dropFirst(index).lazy.compactMap(\.typeAnnotation?.type).first
            let isOptional =
                type?.is(OptionalTypeSyntax.self) == true
                || type?.is(ImplicitlyUnwrappedOptionalTypeSyntax.self) == true
            return isOptional && bindingSpecifier.tokenKind == .keyword(.var) ? nil : binding
        }
    }
}

extension VariableDeclSyntax {
    /// Whether these are the type's options, and give it stateless workers in so many words.
    var givesStatelessWorkers: Bool {
        guard isStatic, bindings.first?.pattern.as(IdentifierPatternSyntax.self)?.identifier.plainName == "options"
        else { return false }
        return tokens(viewMode: .sourceAccurate).contains { token in
            guard token.plainName == "statelessWorkers", let colon = token.nextToken(viewMode: .sourceAccurate),
                colon.tokenKind == .colon
            else { return false }
            return colon.nextToken(viewMode: .sourceAccurate)?.tokenKind != .keyword(.nil)
        }
    }
}

extension FunctionDeclSyntax {
    /// Whether a grain's reference may call this method: an isolated instance method that others may see.
    var isCallable: Bool {
        let hidden: [Keyword] = [.private, .fileprivate, .static, .class, .nonisolated]
        if modifiers.contains(where: { modifier in
            modifier.detail?.detail.tokenKind != .keyword(.set)
                && hidden.contains { modifier.name.tokenKind == .keyword($0) }
        }) {
            return false
        }
        if attributes.named("concurrent") != nil || attributes.named("MainActor") != nil { return false }
        if attributes.availability.contains(where: { $0.coversAllPlatforms && $0.says("unavailable") }) { return false }
        return !["activate", "deactivate"].contains(name.plainName)
    }
}
