import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// `@GrainInterface`: writes a reference for a protocol that mirrors a grain.
struct GrainInterfaceMacro: PeerMacro {
    /// The text is written as it should look; formatting it again would be most of the time of an expansion.
    static var formatMode: FormatMode { .disabled }

    static func expansion(
        of node: AttributeSyntax, providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
        var problems = Problems()
        defer { problems.report(to: context) }
        guard let proto = declaration.as(ProtocolDeclSyntax.self) else {
            problems.add(
                .error("not-a-protocol", "'@GrainInterface' needs a protocol: an actor takes '@Grain'"), at: node)
            return []
        }
        let access = AccessLevel(of: proto.modifiers, in: context.lexicalContext)
        let interface = GrainInterfaceDeclaration(proto, attribute: node, access: access, problems: &problems)
        return [DeclSyntax(stringLiteral: interface.reference(in: context))]
    }
}
