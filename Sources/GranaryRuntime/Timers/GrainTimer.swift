internal import GranaryCore
internal import Synchronization

/// A timer whose ticks are turns of one activation.
package final class GrainTimer: ActivationTimerHandle {
    private let isCancelled = Atomic<Bool>(false)
    private let run: @Sendable () async -> Void
    private let period: Duration?
    private let queue: TimerQueue
    private let time: any TimeSource

    init(queue: TimerQueue, time: any TimeSource, period: Duration?, run: @escaping @Sendable () async -> Void) {
        self.queue = queue
        self.time = time
        self.period = period
        self.run = run
    }

    package func cancel() { isCancelled.store(true, ordering: .relaxed) }

    /// Runs one tick; the period counts from its end.
    func fire() async {
        guard !isCancelled.load(ordering: .relaxed) else { return }
        await run()
        guard let period, !isCancelled.load(ordering: .relaxed) else { return }
        queue.add(self, at: time.now + period)
    }
}
