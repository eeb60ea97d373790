internal import GranaryCore
internal import Synchronization

/// Where one task waits for the end of a call that was sent to another silo.
///
/// Whoever finishes it first wins: the answer, the deadline, the cancellation or the end of the session. It does what a
/// `Rendezvous` does, for one type only, which the compiler then knows.
final class RemoteWait: Finishable {
    private struct State {
        var end: RemoteEnd?
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

    /// Waits for the end; to be called once.
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
