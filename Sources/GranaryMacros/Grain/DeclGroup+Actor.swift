import SwiftDiagnostics
import SwiftSyntax

extension DeclGroupSyntax {
    /// The fix-it that makes a class or a struct an actor.
    var becomingActor: [FixIt] {
        guard [.keyword(.class), .keyword(.struct)].contains(introducer.tokenKind) else { return [] }
        return [
            FixIt(
                message: Remedy(id: "to-actor", message: "replace '\(introducer.text)' with 'actor'"),
                changes: [
                    .replace(
                        oldNode: Syntax(introducer),
                        newNode: Syntax(introducer.with(\.tokenKind, .keyword(.actor))))
                ])
        ]
    }
}
