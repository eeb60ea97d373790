internal import Synchronization

/// The tasks that a silo runs in its own name: loads, saves, hooks, moves.
///
/// They must not be cut when a caller is cancelled, so they are no children of any caller. The silo's shutdown awaits them.
package final class SiloTasks: Sendable {
    private struct State {
        var running = 0
        var watchers: [Rendezvous<Void>] = []
    }

    private let state = Mutex(State())

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
    package func began() { state.withLock { $0.running += 1 } }

    /// Counts the end of what ``began()`` counted.
    package func ended() {
        let watchers = state.withLock { state in
            state.running -= 1
            guard state.running == 0 else { return [Rendezvous<Void>]() }
            defer { state.watchers = [] }
            return state.watchers
        }
        for watcher in watchers { watcher.finish(()) }
    }

    /// Finishes a rendezvous as soon as no task runs.
    package func finished(_ watcher: Rendezvous<Void>) {
        let isFinished = state.withLock { state in
            guard state.running > 0 else { return true }
            state.watchers.append(watcher)
            return false
        }
        if isFinished { watcher.finish(()) }
    }

    /// How many tasks run.
    package var count: Int { state.withLock(\.running) }
}
