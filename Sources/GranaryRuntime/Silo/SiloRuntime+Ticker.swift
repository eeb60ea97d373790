internal import CoreMetrics
internal import GranaryCore
internal import Logging

extension SiloRuntime {
    /// How often the coarse clock is read and deadlines are looked at.
    static var tickInterval: Duration { .milliseconds(20) }

    /// Turns the coarse clock, ends waits whose time is over, and looks for deadlocks, until the silo ends.
    func tick() async {
        var nextWatch = time.now + configuration.turnWarning
        while !Task.isCancelled {
            do { try await time.sleep(for: Self.tickInterval) } catch { return }
            readClock()
            let now = clock.now
            _states.deadlines.expire(now: now)
            examineWaits(now: now)
            for flush in flushes.take(now: now) { _states.tasks.start(flush) }
            for timer in timers.take(now: time.now) { _states.tasks.start { await timer.fire() } }
            if time.now >= nextWatch {
                nextWatch = time.now + configuration.turnWarning
                _states.tasks.start { [self] in await watch() }
            }
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

    /// Names the turns that run for too long.
    private func watch() async {
        for host in hosts.all {
            for turn in await host.stuckTurns(configuration.turnWarning.ticks) {
                metrics.stuckTurns.increment()
                _logger.warning(
                    "a turn runs for long; calls to the grain wait",
                    metadata: [
                        "grain": "\(turn.grain)", "method": "\(turn.method)",
                        "seconds": "\(Double(turn.age) / 100)",
                    ])
            }
        }
    }
}
