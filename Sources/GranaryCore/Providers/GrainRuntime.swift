public import Logging

/// The silo as the call path sees it: entered only when a call misses the table, waits, or ends a turn with work to do.
public protocol GrainRuntime: AnyObject, Sendable {
    /// The hosts that can be found without a lock.
    var _slots: HostSlots { get }

    /// The silo's host of a type.
    ///
    /// - Parameter type: The grain type.
    /// - Returns: The host; for a type that the silo does not host, one whose calls say so.
    func _host<G: Grain>(_ type: G.Type) -> GrainHost<G>

    /// Until when the silo may serve.
    var _lease: ServingLease { get }

    /// Finds the activation of a grain or makes it.
    ///
    /// - Parameters:
    ///   - host: The type's host.
    ///   - key: The key.
    ///   - hash: The key's hash.
    ///   - deadline: The tick at which the caller gives up.
    ///   - isNested: Whether another grain calls, which a silo that drains still lets finish.
    /// - Returns: An activation, which may still be loading.
    /// - Throws: ``GrainError``.
    func _activation<G: Grain>(
        in host: GrainHost<G>, key: G.Key, hash: UInt32, deadline: UInt32, isNested: Bool
    ) async throws -> G

    /// Finds the best activation for a call of a grain type that keeps nothing, or makes one more, and counts the call.
    ///
    /// - Parameters:
    ///   - host: The type's host.
    ///   - key: The key.
    ///   - hash: The key's hash.
    ///   - deadline: The tick at which the caller gives up.
    ///   - isNested: Whether another grain calls.
    /// - Returns: An activation, which may still be loading.
    /// - Throws: ``GrainError``.
    func _worker<G: Grain>(
        in host: GrainHost<G>, key: G.Key, hash: UInt32, deadline: UInt32, isNested: Bool
    ) async throws -> G

    /// Calls that wait at gates, and the deadlocks among them.
    var _waits: WaitRegistry { get }

    /// Reads arguments and results; references in them call through this silo.
    var _decoder: CBORDecoder { get }

    /// The streams that the silo's grains produce.
    var _streams: StreamTable { get }

    /// Whoever watches grains in this process.
    var _observers: ObserverTable { get }

    /// What states need of the silo.
    var _states: StateServices { get }

    /// Ends an activation whose gate is already closing.
    func _finish<G: Grain>(_ grain: G, reason: DeactivationReason)

    /// Settles what a turn left behind while the gate stays held: a save of unknown outcome, or a state to read again.
    func _recover<G: Grain>(_ grain: G)

    /// Saves an activation's write-behind states once they are due.
    func _scheduleFlush<G: Grain>(_ grain: G, at tick: UInt32)

    /// Runs a call by another way than the shortest: traced, filtered, isolated or with a time of its own.
    func _indirectly<G: Grain, R: Sendable>(
        _ call: IndirectCall<G>, encode: (inout ArgumentEncoder) throws -> Void,
        direct: @Sendable (UInt32) async throws -> R
    ) async throws -> R

    /// Sends a plain call to the silo of its grain, if that is another one and nothing stands in the way.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - isNested: Whether another grain calls.
    ///   - encode: Writes the arguments.
    /// - Returns: The answer; `nil` when the call has to take the long way, of which nothing has happened yet.
    /// - Throws: The method's error, or ``GrainError``.
    func _remotely(
        _ call: PlainCall, isNested: Bool, encode: (inout ArgumentEncoder) throws -> Void
    ) async throws -> Reply?

    /// Runs a call that nobody waits for; with its arguments encoded where it may have to travel.
    func _post(
        _ grain: GrainID, method: String, _ arguments: ArgumentEncoder?,
        _ call: @escaping @Sendable () async throws -> Void)

    /// Calls a grain by the names of its type and method.
    func _invoke<R: Codable & Sendable>(
        _ grain: GrainID, method: String, timeout: UInt32, returning: R.Type,
        encode: (inout ArgumentEncoder) throws -> Void
    ) async throws -> R

    /// The silo's number in its cluster; 0 in a silo that is alone, and before it has one.
    var _silo: Int32 { get }

    /// Asks another silo of the cluster for something that is its own and no grain's.
    func _ask(_ silo: Int32, _ method: String, _ arguments: ArgumentEncoder) async throws -> Reply

    /// Tells another silo of the cluster something; does not wait, and learns nothing of what becomes of it.
    func _tell(_ silo: Int32, _ method: String, _ arguments: ArgumentEncoder)

    /// Whether another silo of the cluster is known to have ended.
    func _hasEnded(_ silo: Int32) -> Bool

    /// Starts a timer whose ticks are turns of an activation.
    func _startTimer<G: Grain>(
        _ grain: G, after: Duration, every: Duration?, keepsActive: Bool,
        _ body: @escaping @Sendable (isolated G) async throws -> Void
    ) -> any ActivationTimerHandle

    /// The silo's logger.
    var _logger: Logger { get }
}

/// A handle on a timer that a grain started.
public protocol ActivationTimerHandle: AnyObject, Sendable {
    /// Ends the timer; a tick that runs is let run.
    func cancel()
}

extension GrainRuntime {
    /// The default: made anew for each use.
    public var _decoder: CBORDecoder { CBORDecoder(userInfo: [.grainRuntime: GrainRuntimeBox(self)]) }

    /// The default: every call takes the long way.
    public func _remotely(
        _ call: PlainCall, isNested: Bool, encode: (inout ArgumentEncoder) throws -> Void
    ) async throws -> Reply? { nil }
}

/// A call that nothing stands around: no tracer, no filters, no time of its own.
public struct PlainCall: Sendable {
    package let grain: GrainID
    package let method: String
    package let isReadOnly: Bool
    package let isIdempotent: Bool
}

/// What a silo needs to know of a call that does not take the shortest way.
public struct IndirectCall<G: Grain>: Sendable {
    package let host: GrainHost<G>
    package let key: G.Key
    package let hash: UInt32
    package let method: String
    package let isReadOnly: Bool
    /// The time that the caller set, in milliseconds; 0 for none.
    package let timeout: UInt32
    /// Whether another grain calls.
    package let isNested: Bool

    @usableFromInline
    init(
        host: GrainHost<G>, key: G.Key, hash: UInt32, method: String, isReadOnly: Bool, timeout: UInt32, isNested: Bool
    ) {
        self.host = host
        self.key = key
        self.hash = hash
        self.method = method
        self.isReadOnly = isReadOnly
        self.timeout = timeout
        self.isNested = isNested
    }
}
