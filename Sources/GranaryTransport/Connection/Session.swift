internal import GranaryCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// A session with a peer, on whichever connection carries it at the moment.
///
/// All state is under one lock, held for a few instructions and never while somebody else's code runs. Callbacks of the
/// handler, and everything that must not happen beside them, run in ``serialized(_:)``.
///
/// Timers hold the session until they fire, which takes seconds at most: nothing refers to it weakly, for such a reference
/// would make each count of references slower, and every call counts some.
final class Session: TransportLink {
    struct State {
        var machine: SessionMachine
        /// The connection that carries the session.
        var connection: WireConnection?
        /// Whether a flush is on its way, or waits until the wire takes bytes again.
        var isFlushing = false
        /// Whether callbacks are running.
        var isBusy = false
        /// What runs when they are done.
        var waiting: [@Sendable () -> Void] = []
        /// The number that the side that dials gave the session.
        var number: UInt64?
        /// Where the peer is; `nil` while only the peer asked for the session.
        var address: TransportAddress?
        var hasOpened = false
        var isDialing = false
        var failures = 0
        /// How often a connection was attached, so that an old timer knows that it is old.
        var attachments = 0
        /// Why the session ended.
        var endReason = ""
        var whenDrained: [CheckedContinuation<Void, Never>] = []
        var clockOffset = ClockOffset()
    }

    let peer: PeerIdentity
    let engine: TransportEngine
    let handler: any TransportHandler
    let state: Mutex<State>
    private let sharedOffset = Atomic<Int64>(0)

    init(
        peer: PeerIdentity, engine: TransportEngine, handler: any TransportHandler, address: TransportAddress?
    ) {
        self.peer = peer
        self.handler = handler
        self.engine = engine
        var state = State(machine: SessionMachine(limits: engine.settings.limits))
        state.address = address
        self.state = Mutex(state)
    }

    /// The peer's clock minus this one's in nanoseconds.
    var offset: Int64 { sharedOffset.load(ordering: .relaxed) }

    var silo: Int32 { peer.silo }

    var clockOffset: Duration { .nanoseconds(offset) }

    var isEnded: Bool { state.withLock(\.machine.isEnded) }

    /// Changes what is known of the peer's clock.
    func measure(_ change: (inout ClockOffset) -> Void) {
        state.withLock { state in
            change(&state.clockOffset)
            sharedOffset.store(state.clockOffset.nanoseconds, ordering: .relaxed)
        }
    }

    /// Runs something while no callback of this session runs: now, or when the running one is done.
    func serialized(_ work: @escaping @Sendable () -> Void) {
        let runs = state.withLock { state in
            if state.isBusy {
                state.waiting.append(work)
                return false
            }
            state.isBusy = true
            return true
        }
        guard runs else { return }
        work()
        leave()
    }

    /// Runs what waited for a callback to end, and writes what the callbacks queued.
    func leave() {
        while true {
            let (work, flushed): ((@Sendable () -> Void)?, WireConnection?) = state.withLock { state in
                if !state.waiting.isEmpty { return (state.waiting.removeFirst(), nil) }
                state.isBusy = false
                return (nil, state.connectionToWake())
            }
            if let flushed { wake(flushed) }
            guard let work else { return }
            work()
        }
    }

    func wake(_ connection: WireConnection) {
        connection.wire.execute { self.flush(on: connection) }
    }
}

extension Session.State {
    /// The connection that has to be told that there is something to write, if nobody did yet.
    mutating func connectionToWake() -> WireConnection? {
        guard !isFlushing, !isBusy, let connection, machine.hasFrames else { return nil }
        isFlushing = true
        return connection
    }
}
