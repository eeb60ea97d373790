internal import GranaryCore
internal import Synchronization

/// Where one task waits for the end of a call that was sent to another silo.
///
/// Whoever finishes it first wins: the answer, the deadline, the cancellation or the end of the session. It does what a
/// `Rendezvous` does, for one type only, which the compiler then knows.
final class RemoteWait: Finishable {
    private struct State {
        var end: RemoteEnd?
        /// Whether it has lasted long enough to be worth a look at whether its task was cancelled.
        var isLong = false
        var waiter: UnsafeContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    var isFinished: Bool { state.withLock { $0.end != nil } }

    /// Ends the wait, unless it is over.
    func finish(_ end: RemoteEnd) {
        let waiter: UnsafeContinuation<Void, Never>? = state.withLock { state in
            if state.end != nil { return nil }
            state.end = end
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Wakes who waits for a short time.
    func becomesLong() {
        let waiter: UnsafeContinuation<Void, Never>? = state.withLock { state in
            if state.isLong || state.end != nil { return nil }
            state.isLong = true
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Waits for the end, or until the wait becomes long; to be called first, and once.
    ///
    /// - Returns: The end; `nil` when it has not come.
    func shortly() async -> RemoteEnd? {
        // Resumed exactly once: whoever ends the wait, or finds it long, takes the waiter out.
        await withUnsafeContinuation { (waiter: UnsafeContinuation<Void, Never>) in
            let isOver = state.withLock { state in
                let isOver = state.end != nil || state.isLong
                if !isOver { state.waiter = waiter }
                return isOver
            }
            if isOver { waiter.resume() }
        }
        return state.withLock { $0.end }
    }

    /// Waits for the end; to be called once, after ``shortly()``.
    func end() async -> RemoteEnd {
        // Resumed exactly once: whoever ends the wait first takes the waiter out.
        await withUnsafeContinuation { (waiter: UnsafeContinuation<Void, Never>) in
            let isOver = state.withLock { state in
                if state.end == nil { state.waiter = waiter }
                return state.end != nil
            }
            if isOver { waiter.resume() }
        }
        // There is an end: nothing else resumes the waiter.
        return state.withLock { $0.end } ?? .neverStarted
    }
}
