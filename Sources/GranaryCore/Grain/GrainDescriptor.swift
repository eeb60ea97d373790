internal import Synchronization

private let nextSlot = Atomic<Int>(0)

/// The error types that any grain type of this process names: they travel as themselves through every grain.
private let namedErrors = Mutex(NamedErrors())

private struct NamedErrors {
    var types: Set<ObjectIdentifier> = []
    var byName: [String: any (Error & Codable & Sendable).Type] = [:]
}

/// What the macro knows of a grain type; one object per type and process.
public final class GrainDescriptor<G: Grain>: Sendable {
    /// The stable name of the type.
    public let name: String
    /// The type's place in every silo's list of hosts.
    @usableFromInline package let slotNumber: Int
    package let hasActivate: Bool
    package let hasDeactivate: Bool
    package let stateNames: [String]
    package let errors: [any (Error & Codable & Sendable).Type]
    package let methods: [String: GrainMethod<G>]
    /// Whether there are such methods beside the read-only ones; most types have none.
    private let hasIdempotent: Bool

    /// Describes a grain type; called by generated code.
    ///
    /// - Parameters:
    ///   - name: The stable name of the type.
    ///   - hasActivate: Whether the type has an `activate()` of its own.
    ///   - hasDeactivate: Whether the type has a `deactivate(_:)` of its own.
    ///   - stateNames: The names of its states, in the order they are bound in.
    ///   - errors: The error types that arrive at callers as themselves.
    ///   - methods: Its callable methods.
    public init(
        name: String, hasActivate: Bool, hasDeactivate: Bool, stateNames: [String],
        errors: [any (Error & Codable & Sendable).Type], methods: [GrainMethod<G>]
    ) {
        self.name = name
        slotNumber = nextSlot.wrappingAdd(1, ordering: .relaxed).oldValue
        self.hasActivate = hasActivate
        self.hasDeactivate = hasDeactivate
        self.stateNames = stateNames
        self.errors = errors
        namedErrors.withLock { named in
            for type in errors where named.types.insert(ObjectIdentifier(type)).inserted {
                named.byName[String(reflecting: type)] = type
            }
        }
        self.methods = Dictionary(methods.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        hasIdempotent = methods.contains { $0.isIdempotent && !$0.isReadOnly }
    }

    /// Whether a method is as good run twice as once.
    package func isIdempotent(_ method: String) -> Bool {
        hasIdempotent && methods[method]?.isIdempotent ?? false
    }
}

/// Whether an error is of a type that some grain names.
package func isNamedError(_ error: any Error) -> Bool {
    let type = ObjectIdentifier(type(of: error))
    return namedErrors.withLock { $0.types.contains(type) }
}

/// The error type that some grain names and that has this full name.
package func namedError(_ name: String) -> (any (Error & Codable & Sendable).Type)? {
    namedErrors.withLock { $0.byName[name] }
}
