internal import Synchronization

/// Holds tasks back until a test lets them go, and tells the test who has arrived.
///
/// A grain that waits at a latch stands for one that waits for a database or another service.
public final class Latch: Sendable {
    private struct State {
        var isOpen = false
        var arrived = 0
        var next = 0
        var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
        var cancelled: Set<Int> = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// Makes a closed latch.
    public init() {}

    /// Lets go whoever waits, and whoever comes later.
    public func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [:] }
            return state.waiting
        }
        for (_, continuation) in waiting { continuation.resume(returning: true) }
    }

    /// Waits until the latch is open; cancellation does not end the wait.
    public func wait() async {
        _ = await pass(number: arrive())
    }

    /// Waits until the latch is open.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    public func waitUnlessCancelled() async throws {
        let number = arrive()
        let passed = await withTaskCancellationHandler {
            await pass(number: number)
        } onCancel: {
            let continuation = state.withLock { state in
                state.cancelled.insert(number)
                return state.waiting.removeValue(forKey: number)
            }
            continuation?.resume(returning: false)
        }
        if !passed { throw CancellationError() }
    }

    /// How many tasks have come to the latch so far.
    public var arrivals: Int { state.withLock(\.arrived) }

    /// Waits until so many tasks have come to the latch, whether or not they went on.
    ///
    /// - Parameter count: How many; one unless said otherwise.
    public func arrived(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isSatisfied = state.withLock { state in
                if state.arrived >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isSatisfied { continuation.resume() }
        }
    }

    private func arrive() -> Int {
        let (number, watchers) = state.withLock { state in
            state.arrived += 1
            state.next += 1
            let count = state.arrived
            let watchers = state.watchers.filter { $0.count <= count }.map(\.continuation)
            state.watchers.removeAll { $0.count <= count }
            return (state.next, watchers)
        }
        for watcher in watchers { watcher.resume() }
        return number
    }

    private func pass(number: Int) async -> Bool {
        await withCheckedContinuation { continuation in
            let result: Bool? = state.withLock { state in
                if state.cancelled.contains(number) { return false }
                if state.isOpen { return true }
                state.waiting[number] = continuation
                return nil
            }
            if let result { continuation.resume(returning: result) }
        }
    }
}
