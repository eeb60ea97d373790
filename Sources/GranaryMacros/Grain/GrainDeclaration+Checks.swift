import SwiftSyntax
import SwiftSyntaxMacros

extension GrainDeclaration {
    /// Functions that nobody calls: they make the compiler say, at the user's own line, which type cannot travel.
    ///
    /// A macro sees no types. `#sourceLocation` moves the compiler's error from the expansion to the method.
    func checks(in context: some MacroExpansionContext) -> [String] {
        // The types of deprecated methods may be deprecated too; here they are named without a warning.
        CallMethod.checks(of: methods, attributes: "@available(*, deprecated)\n", in: context)
    }
}
