internal import Synchronization

/// The tasks that a silo runs in its own name: loads, saves, hooks, moves, calls from other silos.
///
/// They must not be cut when a caller is cancelled, so they are no children of any caller. The silo's shutdown awaits them.
package final class SiloTasks: Sendable {
    /// How many run; counted without a lock, since every call from another silo is one of them.
    private let running = Atomic<Int>(0)
    /// Whether somebody waits for the last one: set before they look at the count, and looked at after it was changed.
    private let isWatched = Atomic<Bool>(false)
    private let watchers = Mutex<[Rendezvous<Void>]>([])

    package init() {}

    /// Starts an operation; the task is handed back only to be cancelled.
    @discardableResult
    package func start(_ operation: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        began()
        // Awaited through `finished(_:)`, which the silo's shutdown calls.
        return Task {
            await operation()
            ended()
        }
    }

    /// Starts an operation that sees nothing of who starts it: no task-locals.
    @discardableResult
    package func startApart(_ operation: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        began()
        // Awaited through `finished(_:)`, which the silo's shutdown calls.
        return Task.detached(priority: Task.currentPriority) { [self] in
            await operation()
            ended()
        }
    }

    /// Counts something that runs without a task.
    package func began() { running.wrappingAdd(1, ordering: .relaxed) }

    /// Counts the end of what ``began()`` counted.
    package func ended() {
        let left = running.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue
        if left == 0, isWatched.load(ordering: .sequentiallyConsistent) { release() }
    }

    /// Has a task wait until it is needed again, in which it does not count as running.
    ///
    /// - Parameter park: Files the waiter, and returns `nil`; or says at once whether the task goes on.
    /// - Returns: Whether the task goes on.
    package func parked(_ park: (ParkedTasks.Waiter) -> Bool?) async -> Bool {
        // Resumed exactly once: whoever takes the waiter out of where it is filed resumes it.
        await withUnsafeContinuation { waiter in
            if let goesOn = park(waiter) { waiter.resume(returning: goesOn) } else { ended() }
        }
    }

    /// Has a parked task go on.
    package func wake(_ waiter: ParkedTasks.Waiter) {
        began()
        waiter.resume(returning: true)
    }

    /// Has parked tasks end.
    package func dismiss(_ waiters: [ParkedTasks.Waiter]) {
        for waiter in waiters {
            began()
            waiter.resume(returning: false)
        }
    }

    /// Finishes a rendezvous as soon as no task runs.
    package func finished(_ watcher: Rendezvous<Void>) {
        watchers.withLock { watchers in
            watchers.append(watcher)
            isWatched.store(true, ordering: .sequentiallyConsistent)
        }
        release()
    }

    /// Finishes what waits for the last task, if no task runs.
    private func release() {
        let met = watchers.withLock { watchers in
            guard running.load(ordering: .sequentiallyConsistent) == 0 else { return [Rendezvous<Void>]() }
            isWatched.store(false, ordering: .sequentiallyConsistent)
            defer { watchers = [] }
            return watchers
        }
        for watcher in met { watcher.finish(()) }
    }

    /// How many tasks run.
    package var count: Int { running.load(ordering: .relaxed) }
}
