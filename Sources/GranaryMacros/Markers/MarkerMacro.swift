import SwiftSyntax
import SwiftSyntaxMacros

/// `@ReadOnly`, `@Idempotent`, `@OneWay`, `@Method`: `@Grain` reads them; by themselves they add nothing.
struct MarkerMacro: PeerMacro {
    static func expansion(
        of node: AttributeSyntax, providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
        var problems = Problems()
        if let reason = reason(against: declaration, in: context.lexicalContext) {
            problems.add(.warning("marker-unused", "'@\(node.baseName)' has no effect here: \(reason)"), at: node)
        }
        problems.report(to: context)
        return []
    }

    /// Why nobody will read a marker; `nil` when it is read.
    private static func reason(against declaration: some DeclSyntaxProtocol, in lexicalContext: [Syntax]) -> String? {
        guard let function = declaration.as(FunctionDeclSyntax.self) else { return "this is not a method" }
        guard let around = lexicalContext.first else { return "this is not a method of a grain" }
        if around.is(ExtensionDeclSyntax.self) {
            return "only methods in the actor's own braces can be called through a reference"
        }
        if around.is(ProtocolDeclSyntax.self) { return nil }
        guard around.is(ActorDeclSyntax.self) else { return "this is not a method of a grain" }
        return function.isCallable
            ? nil : "'\(function.name.plainName)' cannot be called through a reference"
    }
}
