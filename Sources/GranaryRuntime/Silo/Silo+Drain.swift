internal import GranaryCluster
internal import GranaryCore
internal import Logging
internal import Synchronization

// How a silo ends its activations.
extension Silo {
    /// Waits for the silo's tasks; a `deactivate(_:)` that was abandoned earlier may hang still, so not for ever.
    func tasksFinished() async {
        let finished = Rendezvous<Void>()
        runtime._states.tasks.finished(finished)
        // Awaited below. No child of this task: a shutdown that is cancelled waits all the same.
        let alarm = Task { [time = runtime.time, timeout = configuration.drainTimeout] in
            try? await time.sleep(for: timeout)
            finished.finish(())
        }
        await finished.value()
        alarm.cancel()
        await alarm.value
    }

    /// Ends all activations, over and over, until none is left or the time is over.
    func drain() async -> DrainReport {
        let time = runtime.time
        let began = time.now
        let end = began + configuration.drainTimeout
        runtime.drains.reset()
        if let membership = life.withLock(\.membership) {
            do { try await membership.leave() } catch {
                runtime._logger.warning("leaving could not be announced", metadata: ["error": "\(error)"])
            }
        }
        if let cluster = life.withLock(\.cluster) {
            await cluster.drain(until: end) {
                // They go to nobody: each silo has its own.
                for host in runtime.hosts.all where host.hasWorkers {
                    await host.endAll(.draining, servingWaiting: true)
                }
                return !self.isBusy
            }
        } else {
            while isBusy, time.now < end {
                for host in runtime.hosts.all { await host.endAll(.draining, servingWaiting: true) }
                guard isBusy else { break }
                do { try await time.sleep(for: .milliseconds(5)) } catch { break }
            }
        }
        var report = runtime.drains.current
        report.abandoned += activationCount
        report.duration = time.now - began
        if report.abandoned > 0 {
            for host in runtime.hosts.all {
                for turn in await host.stuckTurns(0, part: 0, of: 1) {
                    runtime._logger.error(
                        "a turn outlived the drain and was left alone",
                        metadata: ["grain": "\(turn.grain)", "method": "\(turn.method)"])
                }
            }
        }
        return report
    }

    /// Whether there are activations, or calls that were let in and are about to make one: these are counted first, since
    /// they become activations and not the other way round.
    private var isBusy: Bool { runtime.making.load(ordering: .sequentiallyConsistent) > 0 || activationCount > 0 }
}
