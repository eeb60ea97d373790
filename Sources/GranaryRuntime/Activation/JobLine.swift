internal import GranaryCore
internal import Synchronization

/// Short jobs that come by the hundred from a thread that must not run them: a few tasks take them off a line, so that
/// not each of them costs a task.
///
/// A job may suspend, for instance to enter a grain; it must not wait for anything that takes long.
final class JobLine: Sendable {
    private struct State {
        var jobs: [@Sendable () async -> Void] = []
        var runners = 0
    }

    /// How many jobs that wait are worth a further task.
    private static let crowd = 32
    private static let mostRunners = 8

    private let state = Mutex(State())
    private let tasks: SiloTasks

    init(tasks: SiloTasks) { self.tasks = tasks }

    /// Has a job run soon.
    func add(_ job: @escaping @Sendable () async -> Void) {
        let needsRunner = state.withLock { state in
            state.jobs.append(job)
            guard state.runners < Self.mostRunners, state.runners == 0 || state.jobs.count > Self.crowd * state.runners
            else { return false }
            state.runners += 1
            return true
        }
        if needsRunner { tasks.startApart { [self] in await run() } }
    }

    private func run() async {
        while true {
            let jobs = state.withLock { state in
                let share = Array(state.jobs.prefix(Self.crowd))
                state.jobs.removeFirst(share.count)
                if share.isEmpty { state.runners -= 1 }
                return share
            }
            if jobs.isEmpty { return }
            for job in jobs { await job() }
        }
    }
}
