package import GranaryCore
package import NIOCore

/// One grain type of a silo, whatever its type is.
package protocol GrainHosting: AnyObject, Sendable {
    /// The stable name of the type.
    var name: String { get }
    /// Whether its activations are stateless workers, which no silo owns.
    var hasWorkers: Bool { get }
    /// How many activations are in memory.
    var activationCount: Int { get }
    /// The idle age in ticks.
    var idleTicks: UInt32 { get }
    /// The tick of the activation that was used least recently, as far as known.
    var oldestUse: UInt32? { get }
    /// Lets nothing be activated any more that was permitted in another view.
    func install(_ view: Int64)
    /// Visits the keys of the activations, and of those being made, as text.
    func visitKeys(_ body: (String) -> Void) async
    /// Whether there is an activation.
    func holds(key: String) -> Bool
    /// Asks every activation to end.
    func endAll(_ reason: DeactivationReason, servingWaiting: Bool) async
    /// Ends activations that are past their idle age.
    func collect(now: UInt32) async
    /// Ends up to a number of the least recently used activations; says how many.
    func evict(_ number: Int, _ reason: DeactivationReason, upTo tick: UInt32, now: UInt32) async -> Int
    /// Finds the turns that have been running for at least so many ticks, in one of so many parts of the activations.
    func stuckTurns(_ ticks: UInt32, part: Int, of parts: Int) async -> [StuckTurn]
    /// Whether a method is marked `@ReadOnly`.
    func isReadOnly(_ method: String) -> Bool
    /// Runs a method by its name, as a turn; `started` is called when that begins.
    ///
    /// A call from another silo is turned away, and not made again here, when the activation that it waited for is over.
    func dispatch(
        key: String, method: String, arguments: ByteBuffer, count: Int, deadline: UInt32, isNested: Bool,
        isRemote: Bool, started: (@Sendable () -> Void)?
    ) async throws -> Reply
    /// Makes the activation, unless it is there.
    func prepare(key: String, deadline: UInt32) async throws
    /// Ends one activation and waits until it is gone.
    func end(key: String, _ reason: DeactivationReason) async
}

/// A turn that has been running for long.
package struct StuckTurn: Sendable {
    package var grain: GrainID
    package var method: String
    package var age: UInt32
}
