internal import Synchronization

/// What gives up at a tick: the silo's timer asks every few ticks.
package final class Deadlines: Sendable {
    private struct Entry: Sendable {
        var tick: UInt32
        var isFinished: @Sendable () -> Bool
        var expire: @Sendable () -> Void
    }

    private let entries = Mutex<[Entry]>([])

    package init() {}

    /// Gives a rendezvous a value once a tick has passed, unless it has one by then.
    package func add<Value: Sendable>(_ tick: UInt32, _ rendezvous: Rendezvous<Value>, _ value: Value) {
        entries.withLock {
            $0.append(
                Entry(
                    tick: tick, isFinished: { rendezvous.isFinished },
                    expire: { rendezvous.finish(value) }))
        }
    }

    /// Expires what is due and forgets what is finished.
    package func expire(now: UInt32) {
        let due = entries.withLock { entries in
            let due = entries.filter { $0.tick <= now }
            entries.removeAll { $0.tick <= now || $0.isFinished() }
            return due
        }
        for entry in due { entry.expire() }
    }
}
