internal import GranaryCore
internal import Synchronization

/// Activations whose states have come, by the hundred, from a thread that must not open them: a few tasks take them off a
/// line, so that not each of them costs a task.
final class OpeningLine: Sendable {
    private struct State {
        var openings: [Opening] = []
        var runners = 0
    }

    /// How many that wait are worth a further task.
    private static let crowd = 32
    private static let mostRunners = 8

    private let state = Mutex(State())
    private let tasks: SiloTasks

    init(tasks: SiloTasks) { self.tasks = tasks }

    /// Has an activation opened soon.
    func add(_ opening: Opening) {
        let needsRunner = state.withLock { state in
            state.openings.append(opening)
            let isCrowded = state.openings.count > Self.crowd * state.runners
            guard state.runners < Self.mostRunners, state.runners == 0 || isCrowded else { return false }
            state.runners += 1
            return true
        }
        if needsRunner { tasks.startApart { [self] in await run() } }
    }

    private func run() async {
        while true {
            let openings = state.withLock { state in
                let share = Array(state.openings.prefix(Self.crowd))
                state.openings.removeFirst(share.count)
                if share.isEmpty { state.runners -= 1 }
                return share
            }
            if openings.isEmpty { return }
            for opening in openings { await opening.run() }
        }
    }
}
