/// An actor that the cluster activates on demand, one turn at a time: what `@Grain` makes of an actor.
///
/// Conform through the macro. Names that begin with an underscore are for generated code.
public protocol Grain: Actor {
    /// The type of the key; `String` unless the grain says otherwise.
    associatedtype Key: GrainKey
    /// The generated reference, whose methods call the grain from anywhere.
    associatedtype Reference: GrainReference where Reference.Target == Self

    /// What the macro knows of the type.
    static var _descriptor: GrainDescriptor<Self> { get }

    /// How activations of this type are kept; the silo's settings where it says nothing.
    static var options: GrainOptions { get }

    /// The activation's identity and its way to the silo.
    nonisolated var context: GrainContext<Self> { get }

    /// The gate that lets one turn at a time in.
    var _turns: TurnGate { get set }

    /// Tells the binder the grain's states.
    func _bind(_ binder: StateBinder)

    /// Runs once before the first turn, when the states are loaded.
    ///
    /// A thrown error fails the calls that wait for the activation; the next call tries again.
    func activate() async throws

    /// Runs once after the last turn, before the activation goes.
    ///
    /// It does not run when the process is killed. An error has nowhere to go, so it throws none.
    ///
    /// - Parameter reason: Why the activation ends.
    func deactivate(_ reason: DeactivationReason) async
}

extension Grain {
    /// Does nothing.
    public func activate() async throws {}

    /// Does nothing.
    public func deactivate(_ reason: DeactivationReason) async {}

    /// Nothing special: the silo's settings.
    public static var options: GrainOptions { GrainOptions() }

    /// The stable name of the grain type, as stored with its states.
    public static var grainType: String { _descriptor.name }
}

/// A grain that a silo can make from its context alone.
public protocol SelfMadeGrain: Grain {
    /// Makes an activation.
    ///
    /// - Parameter context: The activation's identity and its way to the silo.
    /// - Throws: What makes the activation fail.
    init(context: GrainContext<Self>) throws
}
