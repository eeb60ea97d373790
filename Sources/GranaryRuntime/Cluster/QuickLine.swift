internal import GranaryCore
internal import NIOCore
internal import Synchronization

/// Calls that a few tasks run one after the other, since they neither wait nor are suspended: a task of its own costs a
/// call more than all else that it does here.
///
/// Each grain has one of them here at most, so their order does not matter. All that can hold a task up is another turn
/// that occupies the grain's actor without ever being suspended; then a further task takes what is behind it.
final class QuickLine: Sendable {
    private struct State {
        /// Calls that wait, the next one last.
        var ready: [Arrival] = []
        /// Calls that came after those.
        var added: [Arrival] = []
        var runners = 0
        var parked = ParkedTasks(most: QuickLine.width)
        /// How many calls were taken so far, and how many when that was looked at last.
        var taken: UInt64 = 0
        var seen: UInt64 = 0

        var isEmpty: Bool { ready.isEmpty && added.isEmpty }

        mutating func next() -> Arrival? {
            if ready.isEmpty {
                swap(&ready, &added)
                ready.reverse()
            }
            guard let next = ready.popLast() else { return nil }
            taken &+= 1
            return next
        }
    }

    /// How many calls that wait are worth a further task.
    private static let crowd = 16
    /// How many tasks there are when none is held up: as many as can run at once, and at least one beside a long turn.
    private static let width = max(2, System.coreCount)
    /// How many tasks there may be when others are held up.
    private static let most = 256

    private let state = Mutex(State())
    private let tasks: SiloTasks

    init(tasks: SiloTasks) { self.tasks = tasks }

    /// Takes a call, to run it once ``start()`` is called, or as soon as it is worth it.
    func add(_ arrival: Arrival) {
        addRunner { state in
            state.added.append(arrival)
            return state.runners < Self.width && state.added.count >= Self.crowd
        }
    }

    /// Has the calls run that were added: together, for what they answer then leaves together, too.
    func start() {
        // Those that run may be in the middle of a long turn.
        addRunner { $0.runners < Self.width && !$0.isEmpty }
    }

    /// Starts a further task if those that there are have done nothing since the last time.
    func watch() {
        addRunner { state in
            defer { state.seen = state.taken }
            return !state.isEmpty && state.taken == state.seen && state.runners < Self.most
        }
    }

    /// Ends the tasks that wait for calls.
    func close() { tasks.dismiss(state.withLock { $0.parked.close() }) }

    private func addRunner(if isNeeded: (inout State) -> Bool) {
        let (isNeeded, parked) = state.withLock { state -> (Bool, ParkedTasks.Waiter?) in
            guard isNeeded(&state) else { return (false, nil) }
            state.runners += 1
            return (true, state.parked.takeLast())
        }
        if let parked { tasks.wake(parked) } else if isNeeded { startRunner() }
    }

    private func startRunner() {
        let runner = QuickRunner()
        runner.runs(in: tasks.startApart { [self] in await run(runner) })
    }

    private func run(_ runner: QuickRunner) async {
        repeat {
            while let call = state.withLock({ $0.next() }) {
                await call.run(in: runner)
                // One of its calls was cancelled, and cancelled is the whole task.
                if Task.isCancelled { return succeed() }
            }
        } while await tasks.parked { waiter in
            state.withLock { state in
                if !state.isEmpty { return true }
                state.runners -= 1
                return state.parked.park(waiter) ? nil : false
            }
        }
    }

    /// Starts a task in the place of one that is over though calls may wait.
    private func succeed() {
        let needsRunner = state.withLock { state in
            if state.isEmpty { state.runners -= 1 }
            return !state.isEmpty
        }
        if needsRunner { startRunner() }
    }
}
