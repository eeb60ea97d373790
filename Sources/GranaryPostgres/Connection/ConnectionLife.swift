import GranaryCore

/// The life of one connection as a state machine: no socket, no clock, no lock.
///
/// ```
/// idle -> connecting -> checking -> ready <-> busy
///   ^          |            |         |         |
///   +--------- backoff <----+---------+---------+    closed: from anywhere, for good
/// ```
struct ConnectionLife {
    enum State: Equatable {
        /// No socket, and nothing in the way of opening one.
        case idle
        /// A thread of its own connects.
        case connecting
        /// The server's settings are being looked at; it must answer by then.
        case checking(until: Duration)
        /// It waits for work since then.
        case ready(since: Duration)
        /// A statement is on its way; it must be answered by then.
        case busy(until: Duration)
        /// The last attempt failed, or the connection broke; not before then.
        case backoff(until: Duration)
        /// The pool is closed.
        case closed
    }

    /// Where the connection is.
    private(set) var state = State.idle
    /// How often in a row it failed to become ready.
    private(set) var failures = 0
    /// Which opening this is: what an older one reports late is not meant for this one.
    private(set) var generation = 0

    private let pauses: Backoff

    /// Makes a connection that is not open.
    ///
    /// - Parameter pauses: The pauses between failed attempts.
    init(pauses: Backoff) { self.pauses = pauses }

    /// Whether the connection may be opened.
    func canOpen(at now: Duration) -> Bool {
        switch state {
        case .idle: return true
        case .backoff(let until): return until <= now
        default: return false
        }
    }

    /// Whether the connection is on its way to ready.
    var isOpening: Bool {
        switch state {
        case .connecting, .checking: return true
        default: return false
        }
    }

    /// When something must happen without the network: a time-out or the end of a pause.
    var deadline: Duration? {
        switch state {
        case .checking(let until), .busy(let until), .backoff(let until): return until
        default: return nil
        }
    }

    /// Starts an opening.
    ///
    /// - Returns: The opening's number.
    mutating func open() -> Int {
        state = .connecting
        generation += 1
        return generation
    }

    /// A socket is connected.
    ///
    /// - Parameters:
    ///   - generation: The opening it belongs to.
    ///   - until: When the check of the settings must have been answered.
    /// - Returns: Whether it is wanted; if not, the socket must be closed.
    mutating func connected(_ generation: Int, checkUntil until: Duration) -> Bool {
        guard state == .connecting, generation == self.generation else { return false }
        state = .checking(until: until)
        return true
    }

    /// The attempt to connect, or the check, failed.
    ///
    /// - Parameters:
    ///   - generation: The opening it belongs to.
    ///   - now: The time.
    ///   - random: Where the jitter of the pause comes from.
    /// - Returns: Whether this was news.
    mutating func failed(_ generation: Int, at now: Duration, random: any RandomSource) -> Bool {
        guard isOpening, generation == self.generation else { return false }
        failures += 1
        state = .backoff(until: now + pauses.pause(after: failures, random: random))
        return true
    }

    /// The settings are as they must be.
    mutating func checked(at now: Duration) {
        guard case .checking = state else { return }
        failures = 0
        state = .ready(since: now)
    }

    /// A statement is sent.
    mutating func begin(until: Duration) {
        guard case .ready = state else { return }
        state = .busy(until: until)
    }

    /// The statement is answered and the session is clean.
    mutating func end(at now: Duration) {
        guard case .busy = state else { return }
        state = .ready(since: now)
    }

    /// The socket broke or was dropped after it had been ready: it may be opened again at once.
    mutating func dropped() {
        switch state {
        case .ready, .busy: state = .idle
        default: break
        }
    }

    /// The pool closes.
    mutating func close() { state = .closed }
}
