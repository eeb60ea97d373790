import SwiftDiagnostics
import SwiftSyntax

extension FunctionDeclSyntax {
    /// Whether a requirement of a grain interface has the form of a call that may cross processes.
    func canBeRemote(problems: inout Problems) -> Bool {
        if let modifier = modifiers.first(where: {
            [.keyword(.static), .keyword(.mutating)].contains($0.name.tokenKind)
        }) {
            problems.add(
                .error(
                    "interface-\(modifier.name.text)",
                    "a grain interface cannot declare '\(modifier.name.text)' methods"),
                at: modifier)
            return false
        }
        let effects = signature.effectSpecifiers
        if effects?.asyncSpecifier != nil, let clause = effects?.throwsClause,
            clause.type == nil || clause.type?.trimmedDescription == "any Error"
        {
            return true
        }
        problems.add(
            .error(
                "interface-effects",
                "'\(name.plainName)' must be 'async throws': a call to a grain waits, and can fail in many ways"),
            at: effects.map(Syntax.init) ?? Syntax(name), fixIts: [becomingRemote])
        return false
    }

    /// The fix-it that makes a method `async throws`.
    private var becomingRemote: FixIt {
        var changed = signature
        changed.parameterClause.trailingTrivia = .space
        changed.effectSpecifiers = FunctionEffectSpecifiersSyntax(
            asyncSpecifier: .keyword(.async, trailingTrivia: .space),
            throwsClause: ThrowsClauseSyntax(
                throwsSpecifier: .keyword(
                    .throws, trailingTrivia: signature.returnClause == nil ? signature.trailingTrivia : .space)))
        return FixIt(
            message: Remedy(id: "add-effects", message: "make it 'async throws'"),
            changes: [.replace(oldNode: Syntax(signature), newNode: Syntax(changed))])
    }
}
