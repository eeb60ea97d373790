import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// `@Grain`: makes an actor a grain.
struct GrainMacro {}

extension GrainMacro: MemberMacro {
    static func expansion(
        of node: AttributeSyntax, providingMembersOf declaration: some DeclGroupSyntax,
        conformingTo protocols: [TypeSyntax], in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
        var problems = Problems()
        defer { problems.report(to: context) }
        guard let actor = declaration.as(ActorDeclSyntax.self) else {
            problems.add(
                .error("not-an-actor", "'@Grain' needs an actor: a grain runs one turn at a time"),
                at: declaration.introducer, fixIts: declaration.becomingActor)
            return []
        }
        if let generics = actor.genericParameterClause {
            problems.add(
                .error("generic-grain", "a grain cannot be generic: its stored name stands for one type"), at: generics)
            return []
        }
        let access = AccessLevel(of: actor.modifiers, in: context.lexicalContext)
        let grain = GrainDeclaration(actor, attribute: node, access: access, problems: &problems)
        return (grain.members + CallMethod.checks(of: grain.methods, in: context)).map { DeclSyntax(stringLiteral: $0) }
    }
}

extension GrainMacro: ExtensionMacro {
    static func expansion(
        of node: AttributeSyntax, attachedTo declaration: some DeclGroupSyntax,
        providingExtensionsOf type: some TypeSyntaxProtocol, conformingTo protocols: [TypeSyntax],
        in context: some MacroExpansionContext
    ) throws -> [ExtensionDeclSyntax] {
        guard let actor = declaration.as(ActorDeclSyntax.self), actor.genericParameterClause == nil else { return [] }
        let access = AccessLevel(of: actor.modifiers, in: context.lexicalContext)
        let needed = Set(protocols.map { $0.trimmedDescription.split(separator: ".").last.map(String.init) ?? "" })
        // Both are named although one refines the other: an implied conformance of an extension macro is not seen.
        var names: [String] = []
        if needed.contains("Grain") { names.append("GranaryCore.Grain") }
        if needed.contains("SelfMadeGrain"), actor.isSelfMade(access: access) {
            names.append("GranaryCore.SelfMadeGrain")
        }
        if names.isEmpty { return [] }
        let isQuiet = actor.attributes.availability.map { $0.trimmedDescription + "\n" }.joined()
        return [
            try ExtensionDeclSyntax(
                "\(raw: isQuiet)extension \(type.trimmed): \(raw: names.joined(separator: ", ")) {}")
        ]
    }
}
