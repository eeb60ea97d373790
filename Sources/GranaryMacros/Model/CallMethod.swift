import SwiftSyntax

/// A method that can be called from elsewhere: of a grain, or of a grain interface.
struct CallMethod {
    /// What the user wrote.
    let function: FunctionDeclSyntax
    /// The name in Swift, with its backticks.
    let name: String
    /// The name in messages between processes.
    let wireName: String
    let parameters: [CallParameter]
    /// The result type; `nil` for none.
    let result: String?
    let isAsync: Bool
    let isThrowing: Bool
    /// The type in `throws(…)`.
    let errorType: String?

    /// How many arguments every call must bring: all but the trailing ones with defaults.
    var requiredCount: Int {
        (parameters.lastIndex { $0.defaultValue == nil } ?? -1) + 1
    }

    func has(_ marker: Marker) -> Bool {
        function.attributes.named(marker.rawValue) != nil
    }

    /// Whether callers are warned of this method.
    var isDeprecated: Bool {
        function.attributes.availability.contains { $0.says("deprecated") }
    }

    /// Reads a method; `nil` when something is wrong with it.
    ///
    /// - Parameters:
    ///   - function: The declaration.
    ///   - hiddenName: The name of the type that the reference declares for itself.
    ///   - problems: Gets what is wrong with the method.
    init?(_ function: FunctionDeclSyntax, hiding hiddenName: String, problems: inout Problems) {
        let before = problems.diagnostics.count
        if let generics = function.genericParameterClause {
            problems.add(
                .error("generic-method", "a grain's method cannot be generic: callers and grain may be two programs"),
                at: generics)
        }
        var parameters: [CallParameter] = []
        for (index, parameter) in function.signature.parameterClause.parameters.enumerated() {
            if let ellipsis = parameter.ellipsis {
                problems.add(
                    .error("variadic", "a grain's method cannot have a variadic parameter: take an array"),
                    at: ellipsis)
            } else if let finding = TypeCheck.finding(in: parameter.type, hiding: hiddenName) {
                problems.add(finding.problem, at: finding.node)
            }
            let label = parameter.firstName.tokenKind == .wildcard ? nil : parameter.firstName.text
            let inner = parameter.secondName ?? parameter.firstName
            parameters.append(
                CallParameter(
                    label: label,
                    name: inner.tokenKind == .wildcard ? "_argument\(index)" : inner.text,
                    type: parameter.type.trimmedDescription,
                    defaultValue: parameter.defaultValue?.value.trimmedDescription))
        }
        self.parameters = parameters

        let returned = function.signature.returnClause?.type
        let written = returned?.trimmedDescription
        if let returned, let written, !["Void", "()", "Swift.Void"].contains(written) {
            if let finding = TypeCheck.finding(in: returned, hiding: hiddenName) {
                problems.add(finding.problem, at: finding.node)
            }
            result = written
        } else {
            result = nil
        }

        let effects = function.signature.effectSpecifiers
        let thrown = effects?.throwsClause?.type?.trimmedDescription
        isAsync = effects?.asyncSpecifier != nil
        isThrowing = effects?.throwsClause != nil && thrown != "Never"
        errorType = isThrowing && thrown != "any Error" && thrown != "any Swift.Error" ? thrown : nil
        name = function.name.text
        self.function = function

        wireName = Self.wireName(of: function, problems: &problems)
        if function.attributes.named(Marker.oneWay.rawValue) != nil, let returned, result != nil {
            problems.add(
                .error("one-way-result", "a '@OneWay' method cannot return a value: nobody waits for it"), at: returned)
        }
        if function.attributes.named(Marker.oneWay.rawValue) != nil,
            let readOnly = function.attributes.named(Marker.readOnly.rawValue)
        {
            problems.add(
                .error(
                    "one-way-read-only",
                    "a '@OneWay' method cannot be '@ReadOnly': nobody would see what it read"),
                at: readOnly, fixIts: [function.removing(readOnly)])
        }
        if problems.diagnostics.count > before { return nil }
    }

    /// The name that `@Method` gives, or the Swift name.
    private static func wireName(of function: FunctionDeclSyntax, problems: inout Problems) -> String {
        guard let argument = function.attributes.named("Method")?.labeledArguments.first else {
            return function.name.plainName
        }
        return NameRule.read(argument.expression, what: "a method's name", problems: &problems)
            ?? function.name.plainName
    }
}
