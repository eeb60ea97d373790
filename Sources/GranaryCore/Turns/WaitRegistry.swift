internal import Synchronization

/// The calls that wait at gates in one silo: for deadlines, for deadlocks, and for the watchdog.
///
/// Only calls that have to wait come here. A silo's timer looks at them every few ticks.
public final class WaitRegistry: Sendable {
    private struct State {
        var waiters: [TurnWaiter] = []
        /// Tasks that run a call on behalf of another task.
        var parents: [TaskIdentity: TaskIdentity] = [:]
    }

    private let state = Mutex(State())
    private let counter = Atomic<UInt64>(0)
    private let hasParents = Atomic<Bool>(false)

    package init() {}

    func nextNumber() -> UInt64 { counter.wrappingAdd(1, ordering: .relaxed).newValue }

    func add(_ waiter: TurnWaiter) {
        state.withLock { $0.waiters.append(waiter) }
    }

    /// The waits that are not over; those that are, are forgotten.
    package func current() -> [TurnWaiter] {
        state.withLock { state in
            state.waiters.removeAll { $0.isFinished }
            return state.waiters
        }
    }

    /// The task at the root of a chain of calls, where some of them run in tasks of the silo.
    package func root(of task: TaskIdentity) -> TaskIdentity {
        guard hasParents.load(ordering: .acquiring) else { return task }
        return state.withLock { state in
            var task = task
            while let parent = state.parents[task] { task = parent }
            return task
        }
    }

    /// Runs an operation in the name of another task's chain of calls.
    package func runs<R>(
        onBehalfOf parent: TaskIdentity, _ operation: () async throws -> R
    ) async rethrows -> R {
        let child = TaskIdentity.current
        state.withLock { $0.parents[child] = parent }
        hasParents.store(true, ordering: .releasing)
        defer { _ = state.withLock { $0.parents.removeValue(forKey: child) } }
        return try await operation()
    }
}
