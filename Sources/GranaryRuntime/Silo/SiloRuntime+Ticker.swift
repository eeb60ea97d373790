internal import CoreMetrics
internal import GranaryCore
internal import Logging

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
    ///
    /// The call that closes a circle is looked at after all others of the circle have begun to wait, so one look at each
    /// call is enough, and one search serves all calls that wait at one grain.
    private func examineWaits(now: UInt32) {
        let waiters = _waits.current()
        var suspects: [ObjectIdentifier: any Grain] = [:]
        for waiter in waiters {
            if waiter.deadline <= now {
                waiter.rendezvous.finish(.expired)
            } else if now &- waiter.began >= Self.probeTicks, waiter.claimProbe() {
                suspects[ObjectIdentifier(waiter.grain)] = waiter.grain
            }
        }
        guard !suspects.isEmpty else { return }
        let search = DeadlockSearch(waiters, in: _waits)
        for grain in suspects.values { _states.tasks.start { await search.follow(from: grain) } }
    }

    /// How long a call waits before it is looked at for a deadlock: 200 ms.
    private static var probeTicks: UInt32 { 20 }
}
