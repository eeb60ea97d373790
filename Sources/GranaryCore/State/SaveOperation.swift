internal import Synchronization

/// One save on its way.
///
/// Two may wait for it, one after the other: the turn that saves, until its time is over, and the recovery after a turn
/// that could not wait.
package final class SaveOperation: Expirable, SaveReceiver {
    /// How the wait for the save ended.
    package enum End: Sendable {
        /// The store answered.
        case outcome(StateSaveOutcome)
        /// The store threw.
        case failed(any Error)
        /// The caller's time is over; the save goes on.
        case expired
    }

    private struct State {
        var end: End?
        var isExpired = false
        var turn: UnsafeContinuation<End, Never>?
        var recovery: UnsafeContinuation<End, Never>?
    }

    private let state = Mutex(State())
    private let use: StoreUse

    init(_ use: StoreUse) { self.use = use }

    /// Whether the store answered, or the turn gave up.
    package var isFinished: Bool { state.withLock { $0.end != nil || $0.isExpired } }

    package func saved(_ result: Result<StateSaveOutcome, any Error>) {
        use.meter?.saved(result, since: use.began)
        finish(result)
        use.end()
    }

    /// Brings the store's answer; to be called once.
    private func finish(_ result: Result<StateSaveOutcome, any Error>) {
        let end: End =
            switch result {
            case .success(let outcome): .outcome(outcome)
            case .failure(let error): .failed(error)
            }
        let (turn, recovery) = state.withLock { state in
            state.end = end
            defer {
                state.turn = nil
                state.recovery = nil
            }
            return (state.turn, state.recovery)
        }
        turn?.resume(returning: end)
        recovery?.resume(returning: end)
    }

    /// Lets the turn wait no longer.
    package func expire() {
        let turn = state.withLock { state in
            if state.end == nil { state.isExpired = true }
            defer { state.turn = nil }
            return state.turn
        }
        turn?.resume(returning: .expired)
    }

    /// Waits for the store's answer or the end of the turn's time; to be called once.
    func answer() async -> End {
        // Resumed exactly once: `finish` and `expire` take the continuation out of the state before they resume it.
        await withUnsafeContinuation { continuation in
            let early: End? = state.withLock { state in
                if let end = state.end { return end }
                if state.isExpired { return .expired }
                state.turn = continuation
                return nil
            }
            if let early { continuation.resume(returning: early) }
        }
    }

    /// Waits for the store's answer, however long it takes: never ``End/expired``; to be called by one at a time.
    func settled() async -> End {
        // Resumed exactly once: `finish` takes the continuation out of the state before it resumes it.
        await withUnsafeContinuation { continuation in
            let early: End? = state.withLock { state in
                if let end = state.end { return end }
                state.recovery = continuation
                return nil
            }
            if let early { continuation.resume(returning: early) }
        }
    }
}
