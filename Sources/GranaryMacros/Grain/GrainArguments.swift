import SwiftSyntax

/// What stands in the parentheses of `@Grain` or `@GrainInterface`.
struct GrainArguments {
    /// The stored name of the grain type.
    private(set) var name: String?
    /// The key's type.
    private(set) var key: String?
    /// Where the key's type is given.
    private(set) var keyArgument: LabeledExprSyntax?
    /// The error types that cross to callers as themselves.
    private(set) var errors: [String] = []

    init(_ attribute: AttributeSyntax, problems: inout Problems) {
        var label: String?
        for argument in attribute.labeledArguments {
            // The second and later values of a variadic argument have no label.
            label = argument.label?.text ?? (label == "errors" ? label : nil)
            switch label {
            case "key":
                keyArgument = argument
                key = Self.typeName(argument.expression, problems: &problems)
            case "errors":
                if let error = Self.typeName(argument.expression, problems: &problems) { errors.append(error) }
            default:
                if argument.expression.is(NilLiteralExprSyntax.self) { continue }
                name = NameRule.read(argument.expression, what: "a grain type's name", problems: &problems)
            }
        }
    }

    /// The type in `Type.self`.
    private static func typeName(_ expression: ExprSyntax, problems: inout Problems) -> String? {
        guard let access = expression.as(MemberAccessExprSyntax.self), access.declName.baseName.text == "self",
            let base = access.base
        else {
            problems.add(.error("not-a-type", "write the type itself, as in 'Type.self'"), at: expression)
            return nil
        }
        return base.trimmedDescription
    }
}
