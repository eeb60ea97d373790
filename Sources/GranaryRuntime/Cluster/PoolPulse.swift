internal import Logging
internal import Synchronization

/// Notices when Swift's pool runs nothing any more: a silo whose grains cannot run must not keep them (section 5 of the
/// cluster protocol).
///
/// It counts ticks of the cluster's thread and no time, so that a process that stood still counts nothing.
final class PoolPulse: Sendable {
    private struct State {
        var ticks = 0
        var isAsked = false
        var isLost = false
    }

    /// How many ticks without a sign are too many: 10 s.
    static let patience = 1_000

    private let logger: Logger
    private let patience: Mutex<Int>
    private let state = Mutex(State())

    init(logger: Logger) {
        self.logger = logger
        patience = Mutex(Self.patience)
    }

    /// Changes how many ticks without a sign are too many: for tests.
    func setPatience(_ ticks: Int) { patience.withLock { $0 = ticks } }

    /// Asks the pool for a sign and counts how long none has come.
    ///
    /// - Parameter isOver: Whether nobody needs to know any more.
    /// - Returns: Whether the pool is lost; true once.
    func isLost(atTick isOver: Bool) -> Bool {
        let limit = patience.withLock(\.self)
        let (asks, isLost) = state.withLock { state in
            if isOver || state.isLost { return (false, false) }
            state.ticks += 1
            if state.ticks > limit { state.isLost = true }
            defer { state.isAsked = true }
            return (!state.isAsked, state.isLost)
        }
        if asks {
            // Nobody awaits it: whether it ever runs is the question.
            Task.detached { [self] in
                state.withLock { state in
                    state.ticks = 0
                    state.isAsked = false
                }
            }
        }
        if isLost {
            logger.critical("no task has run for 10 s, grain code blocks every thread; this silo gives its grains up")
        }
        return isLost
    }
}
