internal import Synchronization

/// A place where storage operations wait until the test lets them go.
///
/// ```swift
/// let hold = StorageHold()
/// faults.next(.save, .holdBefore(hold))
/// let call = Task { try await cart.add("book") }
/// await hold.reached()        // the save is on its way, and not there yet
/// hold.release()
/// ```
public final class StorageHold: Sendable {
    private struct State {
        var isReleased = false
        var arrivals = 0
        var held: [CheckedContinuation<Void, Never>] = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// Makes a place where operations wait.
    public init() {}

    /// Waits until at least so many operations have come here.
    ///
    /// - Parameter count: How many; one unless said otherwise.
    public func reached(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.arrivals >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }

    /// Lets all operations go that wait here, and those that are yet to come.
    public func release() {
        let held = state.withLock { state in
            state.isReleased = true
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let (isReleased, watchers) = state.withLock { state in
                state.arrivals += 1
                if !state.isReleased { state.held.append(continuation) }
                let arrivals = state.arrivals
                defer { state.watchers.removeAll { $0.count <= arrivals } }
                return (state.isReleased, state.watchers.filter { $0.count <= arrivals })
            }
            for watcher in watchers { watcher.continuation.resume() }
            if isReleased { continuation.resume() }
        }
    }
}
