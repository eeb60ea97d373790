import SwiftDiagnostics
import SwiftSyntax

extension FunctionDeclSyntax {
    /// The fix-it that takes an attribute away; what stood before it stands before the next token then.
    func removing(_ attribute: AttributeSyntax) -> FixIt {
        var changed = self
        changed.attributes = attributes.filter { $0.id != attribute.id }
        changed.leadingTrivia = leadingTrivia
        return FixIt(
            message: Remedy(id: "remove-attribute", message: "remove '@\(attribute.baseName)'"),
            changes: [.replace(oldNode: Syntax(self), newNode: Syntax(changed))])
    }
}
