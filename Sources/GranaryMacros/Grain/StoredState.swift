import SwiftSyntax

/// A property marked `@Stored`.
struct StoredState {
    /// The property's name without backticks.
    let property: String
    /// The name that its value is stored under.
    let storedName: String

    /// Reads a property that carries `@Stored`; `nil` when it cannot be bound.
    ///
    /// - Parameters:
    ///   - variable: The declaration.
    ///   - attribute: Its `@Stored`.
    ///   - problems: Gets what is wrong with it.
    init?(_ variable: VariableDeclSyntax, attribute: AttributeSyntax, problems: inout Problems) {
        guard let binding = variable.bindings.first,
            let identifier = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier
        else { return nil }
        property = identifier.plainName
        if let modifier = variable.modifiers.first(where: { $0.name.tokenKind == .keyword(.static) }) {
            problems.add(
                .error(
                    "stored-static",
                    "'@Stored' property '\(property)' cannot be 'static': a state belongs to one grain"),
                at: modifier)
            return nil
        }
        // The compiler itself refuses property wrappers on these, in words that help.
        if variable.bindingSpecifier.tokenKind == .keyword(.let) || variable.modifiers.contains(.lazy) { return nil }
        if let accessors = binding.accessorBlock, !accessors.isObserving { return nil }
        let arguments = attribute.labeledArguments
        if binding.initializer == nil, !arguments.contains(where: { $0.label?.text == "wrappedValue" }) {
            problems.add(
                .error(
                    "stored-default",
                    "'@Stored' property '\(property)' needs a default value: "
                        + "it is what a grain has before anything is stored"),
                at: identifier)
            return nil
        }
        guard let argument = arguments.first(where: { $0.label?.text == "name" }) else {
            storedName = property
            return
        }
        guard
            let name = NameRule.read(
                argument.expression, what: "the stored name of '\(property)'", problems: &problems)
        else { return nil }
        storedName = name
    }
}
