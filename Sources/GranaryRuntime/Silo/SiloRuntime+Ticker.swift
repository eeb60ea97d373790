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
    private func examineWaits(now: UInt32) {
        let waits = _waits.current()
        guard !waits.isEmpty else { return }
        for waiter in waits {
            if waiter.deadline <= now {
                waiter.rendezvous.finish(.expired)
            } else if now &- waiter.began >= Self.probeTicks, waiter.claimProbe() {
                _states.tasks.start { [self] in await probe(waiter) }
            }
        }
    }

    /// How long a call waits before it is looked at for a deadlock: 200 ms.
    private static var probeTicks: UInt32 { 20 }

    /// Follows "waits for the turns that hold the gate, which wait for …" from one call, through all of them where reads
    /// overlap; if it comes back, the youngest call of the circle fails.
    ///
    /// The call that closes a circle is looked at after all others of the circle have begun to wait, so each call needs to
    /// look for circles through itself only.
    private func probe(_ first: TurnWaiter) async {
        var paths = [[first]]
        var seen: Set<ObjectIdentifier> = []
        while let path = paths.popLast(), let last = path.last {
            let holders = await last.grain._holders().map { _waits.root(of: $0) }
            for next in _waits.current() where holders.contains(next.chain) {
                if next === first {
                    guard let youngest = path.max(by: { $0.number < $1.number }) else { return }
                    youngest.rendezvous.finish(.deadlock(path.map { $0.grain._id } + [first.grain._id]))
                    return
                }
                if seen.insert(ObjectIdentifier(next)).inserted { paths.append(path + [next]) }
            }
        }
    }

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
