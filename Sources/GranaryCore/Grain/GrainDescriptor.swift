internal import Synchronization

private let nextSlot = Atomic<Int>(0)

/// What the macro knows of a grain type; one object per type and process.
public final class GrainDescriptor<G: Grain>: Sendable {
    /// The stable name of the type.
    public let name: String
    /// The type's place in every silo's list of hosts.
    package let slotNumber: Int
    package let hasActivate: Bool
    package let hasDeactivate: Bool
    package let stateNames: [String]
    package let errors: [any (Error & Codable & Sendable).Type]
    package let methods: [String: GrainMethod<G>]

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
        self.methods = Dictionary(methods.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
