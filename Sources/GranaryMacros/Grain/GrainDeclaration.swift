import SwiftSyntax

/// An actor marked `@Grain`, read once and ready to be written out.
struct GrainDeclaration {
    let actor: ActorDeclSyntax
    let access: AccessLevel
    /// The grain type's name in storage and messages.
    let typeName: String
    /// The key's type, or `nil` when the actor declares `Key` itself.
    let key: String?
    /// The error types that `@Grain(errors:)` names.
    let errors: [String]
    let states: [StoredState]
    let methods: [CallMethod]
    let hasActivate: Bool
    let hasDeactivate: Bool

    /// The actor's name in Swift, with its backticks.
    var name: String { actor.name.text }

    /// The error types that methods name in `throws(…)` and the attribute does not.
    var thrownErrors: [String] {
        var seen = Set(errors)
        return methods.compactMap(\.errorType).filter { seen.insert($0).inserted }
    }

    /// Reads the actor.
    ///
    /// - Parameters:
    ///   - actor: The declaration.
    ///   - attribute: Its `@Grain`.
    ///   - access: Who may use it.
    ///   - problems: Gets everything that is wrong with it.
    init(_ actor: ActorDeclSyntax, attribute: AttributeSyntax, access: AccessLevel, problems: inout Problems) {
        self.actor = actor
        self.access = access
        let arguments = GrainArguments(attribute, problems: &problems)
        typeName = arguments.name ?? actor.name.plainName
        errors = arguments.errors

        let members = actor.memberBlock.members.map(\.decl)
        let hasOwnKey = members.contains { $0.declaredTypeName == "Key" }
        if hasOwnKey, let argument = arguments.keyArgument {
            problems.add(
                .error("key-twice", "the key's type is given twice: here and as the actor's own 'Key'"), at: argument)
        }
        key = !hasOwnKey ? arguments.key ?? "Swift.String" : nil

        let hasWorkers = members.contains { $0.as(VariableDeclSyntax.self)?.givesStatelessWorkers ?? false }
        var states: [StoredState] = []
        var methods: [CallMethod] = []
        let functions = members.compactMap { $0.as(FunctionDeclSyntax.self) }
        hasActivate = functions.contains { $0.name.plainName == "activate" && $0.isHook(parameters: 0) }
        hasDeactivate = functions.contains { $0.name.plainName == "deactivate" && $0.isHook(parameters: 1) }
        for member in members {
            if let function = member.as(FunctionDeclSyntax.self), function.isCallable {
                let method = CallMethod(function, hiding: "Target", problems: &problems)
                if let method { methods.append(method) }
            } else if let variable = member.as(VariableDeclSyntax.self),
                let stored = variable.attributes.named("Stored"),
                let state = StoredState(variable, attribute: stored, problems: &problems)
            {
                if hasWorkers {
                    problems.add(
                        .error(
                            "stored-worker",
                            "a grain with stateless workers cannot have a state: several activations of one key would "
                                + "overwrite each other's"),
                        at: stored)
                } else if states.contains(where: { $0.storedName == state.storedName }) {
                    problems.add(
                        .error("stored-twice", "two states of this grain are stored as \(state.storedName.literal)"),
                        at: stored)
                } else {
                    states.append(state)
                }
            } else if let block = member.as(IfConfigDeclSyntax.self) {
                Self.checkConditional(block, problems: &problems)
            }
        }
        self.states = states
        self.methods = CallMethod.distinct(methods, problems: &problems)
        if !actor.hasInitializer { Self.checkDefaults(members, problems: &problems) }
    }

    /// Says what cannot be done inside `#if`, which a macro cannot decide.
    private static func checkConditional(_ block: IfConfigDeclSyntax, problems: inout Problems) {
        for clause in block.clauses {
            guard case .decls(let members) = clause.elements else { continue }
            for member in members.map(\.decl) {
                if let function = member.as(FunctionDeclSyntax.self), function.isCallable {
                    problems.add(
                        .warning(
                            "conditional-method",
                            "'\(function.name.plainName)' is not callable through a reference: "
                                + "'@Grain' does not look inside '#if'; put the '#if' into the method's body, "
                                + "or make the method 'private'"),
                        at: function.name)
                } else if let stored = member.as(VariableDeclSyntax.self)?.attributes.named("Stored") {
                    problems.add(
                        .error(
                            "conditional-state",
                            "a '@Stored' property cannot stand inside '#if': '@Grain' does not look there "
                                + "and would never load or save it"),
                        at: stored)
                } else if let nested = member.as(IfConfigDeclSyntax.self) {
                    checkConditional(nested, problems: &problems)
                }
            }
        }
    }

    /// Asks for an initialiser where the generated one could not fill every property.
    private static func checkDefaults(_ members: [DeclSyntax], problems: inout Problems) {
        for variable in members.compactMap({ $0.as(VariableDeclSyntax.self) }) {
            for binding in variable.bindingsWithoutDefault {
                let name = binding.pattern.trimmedDescription
                problems.add(
                    .error(
                        "no-default",
                        "'\(name)' has no default value: give it one, or write an 'init(context:…)' that sets "
                            + "'\(name)' and 'context'"),
                    at: binding.pattern)
            }
        }
    }
}
