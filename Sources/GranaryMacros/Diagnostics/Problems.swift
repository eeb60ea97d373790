import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxMacros

/// The problems found while a declaration is read; the role that generates code reports them once.
///
/// Several roles of one macro read the same declaration. Only one of them may speak, or every error comes twice.
struct Problems {
    private(set) var diagnostics: [Diagnostic] = []

    /// Notes a problem.
    ///
    /// - Parameters:
    ///   - problem: What is wrong.
    ///   - node: Where, as narrow as possible.
    ///   - fixIts: Changes that would solve it.
    mutating func add(_ problem: Problem, at node: some SyntaxProtocol, fixIts: [FixIt] = []) {
        diagnostics.append(Diagnostic(node: Syntax(node), message: problem, fixIts: fixIts))
    }

    /// Shows everything noted so far to the user.
    func report(to context: some MacroExpansionContext) {
        for diagnostic in diagnostics { context.diagnose(diagnostic) }
    }
}
