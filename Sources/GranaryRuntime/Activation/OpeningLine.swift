internal import GranaryCore
internal import Synchronization

/// Activations whose states have come, by the hundred, from a thread that must not open them: a few tasks take them off a
/// line, so that not each of them costs a task.
final class OpeningLine: Sendable {
    private struct State {
        var openings: [Opening] = []
        var runners = 0
        var parked = ParkedTasks(most: OpeningLine.width)
    }

    /// How many that wait are worth a further task.
    private static let crowd = 32
    private static let mostRunners = 8
    /// How many tasks there are always, once they were needed.
    private static let width = 2

    private let state = Mutex(State())
    private let tasks: SiloTasks

    init(tasks: SiloTasks) { self.tasks = tasks }

    /// Has an activation opened soon.
    func add(_ opening: Opening) {
        let (needsRunner, parked) = state.withLock { state -> (Bool, ParkedTasks.Waiter?) in
            state.openings.append(opening)
            let isCrowded = state.openings.count > Self.crowd * state.runners
            guard state.runners < Self.mostRunners, state.runners == 0 || isCrowded else { return (false, nil) }
            state.runners += 1
            return (true, state.parked.takeLast())
        }
        if let parked {
            tasks.wake(parked)
        } else if needsRunner {
            tasks.startApart { [self] in await run() }
        }
    }

    /// Ends the tasks that wait for work.
    func close() { tasks.dismiss(state.withLock { $0.parked.close() }) }

    private func run() async {
        repeat {
            while let openings = next() {
                for opening in openings { await opening.run() }
            }
        } while await tasks.parked { waiter in
            state.withLock { state in
                if !state.openings.isEmpty { return true }
                state.runners -= 1
                return state.parked.park(waiter) ? nil : false
            }
        }
    }

    private func next() -> [Opening]? {
        state.withLock { state in
            if state.openings.isEmpty { return nil }
            let share = Array(state.openings.prefix(Self.crowd))
            state.openings.removeFirst(share.count)
            return share
        }
    }
}
