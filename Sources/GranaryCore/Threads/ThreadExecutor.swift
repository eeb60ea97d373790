internal import Synchronization

/// A thread that runs tasks which must not wait for Swift's pool, whose threads user code may all keep busy.
///
/// Tasks run here when they are made with this as their preferred executor.
package final class ThreadExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    private let name: String
    private let state = Mutex(State())
    private let bell = Bell()

    /// Makes an executor whose thread does not run yet.
    ///
    /// - Parameter name: Tools show its first 15 bytes.
    package init(named name: String) { self.name = name }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - interval: How often the thread does something of its own.
    ///   - tick: What it does; the thread ends when it answers `false`.
    /// - Throws: `GrainError` when the system gives no more threads.
    package func start(every interval: Duration = .seconds(3_600), _ tick: @escaping @Sendable () -> Bool = { true })
        throws
    {
        let isStarted = NativeThread.start(named: name) { [self] in
            let clock = ContinuousClock()
            var next = clock.now
            while !state.withLock(\.isStopped) {
                runJobs()
                let now = clock.now
                if now >= next {
                    guard tick() else { break }
                    // What was missed is not made up for.
                    next = max(next + interval, now)
                }
                bell.wait(atMost: next - clock.now)
            }
            stop()
            runJobs()
        }
        guard isStarted else { throw GrainError(.configuration, "The system gives no more threads.") }
    }

    /// Lets the thread end; what comes later runs on Swift's pool.
    package func stop() {
        state.withLock { $0.isStopped = true }
        bell.ring()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isTaken = state.withLock { state in
            if !state.isStopped { state.jobs.append(job) }
            return !state.isStopped
        }
        if isTaken { bell.ring() } else { globalConcurrentExecutor.enqueue(job) }
    }

    private func runJobs() {
        let jobs = state.withLock { state in
            defer { state.jobs = [] }
            return state.jobs
        }
        for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
