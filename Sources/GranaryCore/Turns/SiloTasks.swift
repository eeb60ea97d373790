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
        state.withLock { $0.running += 1 }
        // Awaited by `finished()`, which the silo's shutdown calls.
        return Task {
            await operation()
            let watchers = state.withLock { state in
                state.running -= 1
                guard state.running == 0 else { return [Rendezvous<Void>]() }
                defer { state.watchers = [] }
                return state.watchers
            }
            for watcher in watchers { watcher.finish(()) }
        }
    }

    /// Waits until no task runs.
    package func finished() async {
        let watcher: Rendezvous<Void>? = state.withLock { state in
            guard state.running > 0 else { return nil }
            let watcher = Rendezvous<Void>()
            state.watchers.append(watcher)
            return watcher
        }
        await watcher?.value()
    }

    /// How many tasks run.
    package var count: Int { state.withLock(\.running) }
}
