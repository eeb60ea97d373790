/// Why an activation ends; more reasons may come.
public struct DeactivationReason: Hashable, Sendable {
    /// The stable name, as logs and metrics show it.
    public let name: String

    private init(_ name: String) { self.name = name }

    /// Nobody called for the grain's idle age.
    public static let idle = DeactivationReason("idle")
    /// The silo held more activations than its limit, and this one was used least recently.
    public static let capacity = DeactivationReason("capacity")
    /// Memory was short, and this one's idle age would have been over first.
    public static let memory = DeactivationReason("memory")
    /// The grain asked for it, with ``GrainContext/deactivateWhenIdle(isolation:)``.
    public static let requested = DeactivationReason("requested")
    /// The grain lives in another silo from now on.
    public static let moved = DeactivationReason("moved")
    /// The silo drains.
    public static let draining = DeactivationReason("draining")
    /// The state was written by someone else.
    public static let stateConflict = DeactivationReason("stateConflict")
    /// The state could not be read again after a turn that failed.
    public static let stateLost = DeactivationReason("stateLost")
    /// The silo was declared dead.
    public static let fenced = DeactivationReason("fenced")
}

extension DeactivationReason: CustomStringConvertible {
    /// The stable name.
    public var description: String { name }
}
