import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// `@Grain`: makes an actor a grain.
struct GrainMacro {
    /// The text is written as it should look; formatting it again would be most of the time of an expansion.
    static var formatMode: FormatMode { .disabled }
}

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
        guard actor.canBeGrain(in: context.lexicalContext) else {
            refuse(actor, problems: &problems)
            return []
        }
        let access = AccessLevel(of: actor.modifiers, in: context.lexicalContext)
        let grain = GrainDeclaration(actor, attribute: node, access: access, problems: &problems)
        return (grain.members + CallMethod.checks(of: grain.methods, in: context)).map { DeclSyntax(stringLiteral: $0) }
    }

    /// Says why an actor cannot be a grain at all.
    private static func refuse(_ actor: ActorDeclSyntax, problems: inout Problems) {
        if let generics = actor.genericParameterClause {
            problems.add(
                .error("generic-grain", "a grain cannot be generic: its stored name stands for one type"), at: generics)
        } else if actor.reservedNames.isEmpty {
            problems.add(
                .error(
                    "generic-around", "a grain cannot stand in a generic type: its stored name stands for one type"),
                at: actor.name)
        }
        for name in actor.reservedNames {
            problems.add(
                .error("reserved-name", "a grain cannot declare '\(name.plainName)': '@Grain' generates it"), at: name)
        }
    }
}

extension GrainMacro: ExtensionMacro {
    static func expansion(
        of node: AttributeSyntax, attachedTo declaration: some DeclGroupSyntax,
        providingExtensionsOf type: some TypeSyntaxProtocol, conformingTo protocols: [TypeSyntax],
        in context: some MacroExpansionContext
    ) throws -> [ExtensionDeclSyntax] {
        guard let actor = declaration.as(ActorDeclSyntax.self), actor.canBeGrain(in: context.lexicalContext) else {
            return []
        }
        let access = AccessLevel(of: actor.modifiers, in: context.lexicalContext)
        let needed = Set(protocols.map { $0.trimmedDescription.split(separator: ".").last.map(String.init) ?? "" })
        // Both are named although one refines the other: an implied conformance of an extension macro is not seen.
        var names: [String] = []
        if needed.contains("Grain") { names.append("GranaryCore.Grain") }
        if needed.contains("SelfMadeGrain"), actor.isSelfMade(access: access) {
            names.append("GranaryCore.SelfMadeGrain")
        }
        if names.isEmpty { return [] }
        let attributes = actor.attributes.availability.map { $0.trimmedDescription + "\n" }.joined()
        return [
            try ExtensionDeclSyntax(
                "\(raw: attributes)extension \(type.trimmed): \(raw: names.joined(separator: ", ")) {}")
        ]
    }
}
