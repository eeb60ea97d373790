import SwiftSyntax

/// Looks for the parts of a type's spelling that cannot travel in a call.
final class TypeCheck: SyntaxVisitor {
    /// The first part that cannot travel, and why.
    private(set) var finding: (node: Syntax, problem: Problem)?

    private let hiddenName: String

    private init(hiding hiddenName: String) {
        self.hiddenName = hiddenName
        super.init(viewMode: .sourceAccurate)
    }

    /// Looks through a type's spelling.
    ///
    /// - Parameters:
    ///   - type: A parameter's or a result's type.
    ///   - hiddenName: The name that means something else inside the reference, where the type is copied to.
    /// - Returns: The problem and where it is, or `nil` when the spelling is fine.
    static func finding(in type: TypeSyntax, hiding hiddenName: String) -> (node: Syntax, problem: Problem)? {
        let check = TypeCheck(hiding: hiddenName)
        check.walk(type)
        return check.finding
    }

    private func refuse(_ node: some SyntaxProtocol, _ id: String, _ message: String) -> SyntaxVisitorContinueKind {
        if finding == nil { finding = (Syntax(node), .error(id, message)) }
        return .skipChildren
    }

    override func visit(_ node: AttributedTypeSyntax) -> SyntaxVisitorContinueKind {
        for specifier in node.specifiers {
            let text = specifier.trimmedDescription
            if text == "inout" {
                return refuse(
                    specifier, "inout",
                    "a grain's method cannot have an 'inout' parameter: it may run in another process; "
                        + "return the new value")
            }
            return refuse(
                specifier, "specifier",
                "a grain's method cannot have a '\(text)' value: arguments and results are copied between processes")
        }
        return .visitChildren
    }

    override func visit(_ node: FunctionTypeSyntax) -> SyntaxVisitorContinueKind {
        refuse(node, "closure", "a grain's method cannot take or return a function: it may run in another process")
    }

    override func visit(_ node: SomeOrAnyTypeSyntax) -> SyntaxVisitorContinueKind {
        guard node.someOrAnySpecifier.tokenKind == .keyword(.some) else { return .visitChildren }
        return refuse(
            node, "opaque", "a grain's method cannot take or return a 'some' type: name the type that travels")
    }

    override func visit(_ node: TupleTypeSyntax) -> SyntaxVisitorContinueKind {
        if node.elements.count == 1, let only = node.elements.first, only.firstName == nil, only.ellipsis == nil {
            return .visitChildren
        }
        return refuse(
            node, "tuple", "a grain's method cannot take or return a tuple: tuples are not Codable; use a struct")
    }

    override func visit(_ node: ImplicitlyUnwrappedOptionalTypeSyntax) -> SyntaxVisitorContinueKind {
        refuse(node, "implicitly-unwrapped", "a grain's method cannot take or return '!' types: use an optional")
    }

    override func visit(_ node: IdentifierTypeSyntax) -> SyntaxVisitorContinueKind {
        if node.name.plainName == hiddenName {
            return refuse(
                node, "hidden-type",
                "'\(hiddenName)' means another type inside the reference: write it with its module or its outer type")
        }
        guard node.name.tokenKind == .keyword(.Self), node.parent?.is(MemberTypeSyntax.self) != true else {
            return .visitChildren
        }
        return refuse(
            node, "self-type",
            "a grain's method cannot take or return 'Self': a grain does not travel; use its 'Reference'")
    }
}
