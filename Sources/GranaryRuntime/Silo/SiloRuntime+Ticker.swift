internal import CoreMetrics
internal import GranaryCore
internal import Logging
internal import Synchronization

extension SiloRuntime {
    /// How often the coarse clock is read and deadlines are looked at.
    static var tickInterval: Duration { .milliseconds(20) }

    /// Turns the coarse clock, ends waits whose time is over, and looks for deadlocks, until the silo ends.
    func tick() async {
        var rounds = WatchRounds(from: time.now, every: configuration.turnWarning)
        while !Task.isCancelled {
            do { try await time.sleep(for: Self.tickInterval) } catch { return }
            readClock()
            let now = clock.now
            _states.deadlines.expire(now: now)
            (cluster?.calls ?? client?.calls)?.expire(now: now)
            examineWaits(now: now)
            Retirement.sweep()
            for flush in flushes.take(now: now) { _states.tasks.start(flush) }
            for timer in timers.take(now: time.now) { _states.tasks.start { await timer.fire() } }
            for part in rounds.due(at: time.now) { startWatch(of: part) }
        }
    }

    /// Ends what waits too long, and asks about what has been waiting for a while whether it can ever end.
    private func examineWaits(now: UInt32) {
        let waiters = _waits.current()
        var suspects: [ObjectIdentifier: any Grain] = [:]
        for waiter in waiters {
            if waiter.deadline <= now {
                waiter.finish(.expired)
            } else if waiter.claimProbe(at: now) {
                suspects[ObjectIdentifier(waiter.grain)] = waiter.grain
            }
        }
        if suspects.isEmpty {
            // It holds grains, which may be over by now.
            lastSearch.withLock { $0 = nil }
        } else {
            seekDeadlocks(at: suspects.values, among: waiters)
        }
    }
}
