internal import Synchronization

/// One open stream, which is given up when nobody asks for its elements for as long as a call may take.
final class StreamEntry: Expirable {
    private struct Use {
        var last: UInt32
        var running = 0
        var isOver = false
    }

    let source: any StreamSource
    let owner: ObjectIdentifier
    private let services: StateServices
    private let giveUp: @Sendable () -> Void
    private let use: Mutex<Use>

    init(_ source: any StreamSource, services: StateServices, giveUp: @escaping @Sendable () -> Void) {
        self.source = source
        owner = ObjectIdentifier(source.owner)
        self.services = services
        self.giveUp = giveUp
        use = Mutex(Use(last: services.clock.now))
    }

    /// Looks again once it may have been idle for too long.
    func watch() { services.deadlines.add(services.clock.now &+ services.waitTicks, self) }

    func begin() { use.withLock { $0.running += 1 } }

    func pause() {
        let now = services.clock.now
        use.withLock { use in
            use.running -= 1
            use.last = now
        }
    }

    func end() { use.withLock { $0.isOver = true } }

    var isFinished: Bool { use.withLock(\.isOver) }

    func expire() {
        let now = services.clock.now
        let due = use.withLock { $0.running > 0 ? now &+ services.waitTicks : $0.last &+ services.waitTicks }
        if due > now { services.deadlines.add(due, self) } else { giveUp() }
    }
}
