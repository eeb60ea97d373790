import GranaryCore

/// The life of the connection that listens for notifications as a state machine: no socket, no clock, no lock.
///
/// ```
/// off -> connecting -> asking -> listening      pausing -> connecting
///            |            |          |             ^
///            +------------+----------+-------------+
/// ```
struct ListenerLife {
    enum State: Equatable {
        /// Nobody wants to be told, or it makes no sense to go on.
        case off
        /// A thread of its own connects.
        case connecting
        /// The server is being asked to notify; it must answer by then.
        case asking(until: Duration)
        /// It is told of changes since then.
        case listening(since: Duration)
        /// An attempt failed, or the connection broke; not before then.
        case pausing(until: Duration)
    }

    /// Where the connection is.
    private(set) var state = State.off
    /// Which opening this is: what an older one reports late is not meant for this one.
    private(set) var generation = 0
    private var failures = 0
    private let pauses: Backoff

    /// Makes a connection that nobody wants yet.
    ///
    /// - Parameter pauses: The pauses between attempts.
    init(pauses: Backoff) { self.pauses = pauses }

    /// When something must happen without the network.
    var deadline: Duration? {
        switch state {
        case .asking(let until), .pausing(let until): return until
        case .off, .connecting, .listening: return nil
        }
    }

    /// Starts an attempt, if one is due.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - isWanted: Whether an attempt may start that no failure came before.
    /// - Returns: The attempt's number; `nil` when none is due.
    mutating func attempt(at now: Duration, isWanted: Bool) -> Int? {
        switch state {
        case .off where isWanted: break
        case .pausing(let until) where until <= now: break
        default: return nil
        }
        state = .connecting
        generation += 1
        return generation
    }

    /// A socket is connected, and the server is being asked.
    ///
    /// - Parameters:
    ///   - generation: The attempt it belongs to.
    ///   - until: When the server must have answered.
    /// - Returns: Whether it is wanted; if not, the socket must be closed.
    mutating func connected(_ generation: Int, until: Duration) -> Bool {
        guard state == .connecting, generation == self.generation else { return false }
        state = .asking(until: until)
        return true
    }

    /// The server notifies from now on.
    mutating func began(at now: Duration) {
        guard case .asking = state else { return }
        state = .listening(since: now)
    }

    /// The attempt failed, or the connection broke.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - random: Where the jitter of the pause comes from.
    mutating func failed(at now: Duration, random: any RandomSource) {
        switch state {
        case .off, .pausing: return
        // A connection that lasted was no failure; one that breaks over and over is.
        case .listening(let since) where now - since >= pauses.limit: failures = 1
        default: failures += 1
        }
        state = .pausing(until: now + pauses.pause(after: failures, random: random))
    }

    /// Nobody wants to be told any more, or it makes no sense to go on.
    mutating func turnOff() { state = .off }
}
