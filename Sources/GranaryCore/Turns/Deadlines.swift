internal import Synchronization

/// What gives up at a tick: the silo's timer asks every few ticks.
package final class Deadlines: Sendable {
    private struct Entry: Sendable {
        var tick: UInt32
        var waiting: any Expirable
    }

    /// What came since the last look: apart, so that nobody who adds waits for whoever looks through all the others.
    private let fresh = Mutex<[Entry]>([])
    private let entries = Mutex<[Entry]>([])

    package init() {}

    /// Lets something give up once a tick has passed, unless it is finished by then.
    package func add(_ tick: UInt32, _ waiting: any Expirable) {
        fresh.withLock { $0.append(Entry(tick: tick, waiting: waiting)) }
    }

    /// Gives a rendezvous a value once a tick has passed, unless it has one by then.
    package func add<Value: Sendable>(_ tick: UInt32, _ rendezvous: Rendezvous<Value>, _ value: Value) {
        add(tick, ExpiringRendezvous(rendezvous: rendezvous, value: value))
    }

    /// Expires what is due and forgets what is finished.
    package func expire(now: UInt32) {
        let due = entries.withLock { entries in
            entries += fresh.withLock { fresh in
                defer { fresh = [] }
                return fresh
            }
            var due: [any Expirable] = []
            entries.removeAll { entry in
                if entry.waiting.isFinished { return true }
                guard entry.tick <= now else { return false }
                due.append(entry.waiting)
                return true
            }
            return due
        }
        for waiting in due { waiting.expire() }
    }
}

/// A rendezvous that is met by a value of its own when nobody else comes in time.
private final class ExpiringRendezvous<Value: Sendable>: Expirable {
    private let rendezvous: Rendezvous<Value>
    private let value: Value

    init(rendezvous: Rendezvous<Value>, value: Value) {
        self.rendezvous = rendezvous
        self.value = value
    }

    var isFinished: Bool { rendezvous.isFinished }

    func expire() { rendezvous.finish(value) }
}
