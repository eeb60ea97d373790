import SwiftSyntax

extension GrainDeclaration {
    /// The members that `@Grain` adds to the actor.
    var members: [String] {
        let prefix = access.prefix
        var members: [String] = []
        if let key { members.append("\(prefix)typealias Key = \(key)") }
        members.append("\(prefix)nonisolated let context: GranaryCore.GrainContext<\(name)>")
        // The gate is touched in short steps that call nothing, from within the actor: no two accesses can overlap, and the
        // check of it would be a tenth of a call's cost.
        members.append("@exclusivity(unchecked) \(prefix)var _turns = GranaryCore.TurnGate()")
        if !actor.hasInitializer {
            members.append("\(prefix)init(context: GranaryCore.GrainContext<\(name)>) { self.context = context }")
        }
        members.append(descriptor)
        members.append(binding)
        members.append(reference)
        return members
    }

    /// The table that tells the runtime what the grain can do.
    private var descriptor: String {
        let names = states.map(\.storedName.literal).joined(separator: ", ")
        let named = errors.map { "\($0).self" }.joined(separator: ", ")
        let thrown = thrownErrors.map { "\($0).self" }.joined(separator: ", ")
        // A deprecated method may be called without a warning only where deprecation is known.
        let isQuiet = methods.contains(where: \.isDeprecated)
        return """
            \(isQuiet ? "@available(*, deprecated)\n" : "")\(access.prefix)static let _descriptor = \
            GranaryCore.GrainDescriptor<\(name)>(
                name: \(typeName.literal),
                hasActivate: \(hasActivate), hasDeactivate: \(hasDeactivate),
                stateNames: [\(names)],
                errors: [\(named)]\(thrown.isEmpty ? "" : " + GranaryCore._codableErrors(\(thrown))"),
                methods: [\(methods.map { "\n" + $0.entry(of: name) + "," }.joined())
                ])
            """
    }

    /// The method that hands every `@Stored` property to the runtime.
    private var binding: String {
        let lines = states.map { "\n    binder.bind(_\($0.property))" }.joined()
        return "\(access.prefix)func _bind(_ binder: GranaryCore.StateBinder) {\(lines)\(lines.isEmpty ? "" : "\n")}"
    }

    /// The value through which others call the grain.
    private var reference: String {
        """
        /// Names one ``\(actor.name.plainName)`` and calls it.
        \(access.prefix)nonisolated struct Reference: GranaryCore.GrainReference {
            \(access.prefix)typealias Target = \(name)
            \(access.prefix)let _handle: GranaryCore.GrainHandle<\(name)>
            \(access.prefix)init(_handle: GranaryCore.GrainHandle<\(name)>) { self._handle = _handle }
        \(methods.map { $0.referenceMethod(of: name) }.joined(separator: "\n"))
        }
        """
    }
}
