import GranaryCore
import Logging

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The steps of the thread that drives the connections, some of which others take for it while it sleeps.
///
/// It is under one lock, and so are the connections: see ``EngineDesk``.
final class EngineLoop {
    /// How long the thread sleeps at most while connections are open: whoever sends a statement in its place need not
    /// wake it for a time-out that comes later.
    private static let longestSleep = Duration.seconds(1)

    private let configuration: PostgresConfiguration
    private let context: BackendContext
    private let inbox: Inbox
    private let pool: ConnectionPool
    private let listener: Listener
    private let loads: LoadQueue
    private var saves: [Int32: SaveQueue] = [:]
    private var closing: [CheckedContinuation<Void, Never>] = []
    private var closeBy: Duration?
    private var messages: [EngineMessage] = []
    /// The connection of each descriptor that the thread polls; the listener's and the inbox's come behind them.
    private var indices: [Int] = []
    /// What the thread polls them for.
    private var interests: [Int32] = []
    private var isAsleep = false
    private var sleepsUntil: Duration?

    /// Whether the engine is closed.
    var isOver: Bool { pool.isClosed }

    /// Makes the loop; nothing is opened yet.
    init(
        _ configuration: PostgresConfiguration, connection: ConnectionString, listening: ConnectionString?,
        context: BackendContext, inbox: Inbox
    ) {
        self.configuration = configuration
        self.context = context
        self.inbox = inbox
        let connector = Connector(connection, timeout: configuration.connectTimeout, logger: context.logger)
        pool = ConnectionPool(
            configuration: configuration, connection: connection, context: context, metrics: PostgresMetrics()
        ) { slot, generation in
            connector.connect { _ = inbox.send(.connected(slot: slot, generation: generation, $0)) }
        }
        loads = LoadQueue(pool: pool)
        var line = listening ?? connection
        // Nothing is sent on it, so only the system can notice that the other end is gone.
        line.setDefault("keepalives_idle", "30")
        let ear = Connector(line, timeout: configuration.connectTimeout, logger: context.logger)
        listener = Listener(line, isDirect: listening != nil, configuration: configuration, context: context) {
            generation in ear.connect { _ = inbox.send(.listening(generation: generation, $0)) }
        }
    }

    /// Does what there is to do.
    ///
    /// - Parameters:
    ///   - descriptors: What the thread has polled; becomes what it has to poll next.
    ///   - found: How many of them have something to say.
    /// - Returns: How long to poll in milliseconds, -1 without end; `nil` when the engine is closed.
    func step(_ descriptors: inout [pollfd], found: Int32) -> Int32? {
        if isAsleep || found > 0 { inbox.wakeUp(wasWoken: found > 0 && descriptors.last?.revents != 0) }
        // What was polled may be gone, closed by who took a step meanwhile.
        if found > 0, pool.isPolled(for: interests) { handle(descriptors) }
        inbox.take(into: &messages)
        let now = context.time.now
        for message in messages { receive(message, at: now) }
        messages.removeAll(keepingCapacity: true)
        pool.tick(now)
        listener.tick(now)
        pump(at: now)
        if isFinished(at: now) {
            finish()
            return nil
        }
        descriptors.removeAll(keepingCapacity: true)
        indices.removeAll(keepingCapacity: true)
        interests.removeAll(keepingCapacity: true)
        pool.addDescriptors(to: &descriptors, indices: &indices)
        interests.append(contentsOf: pool.slots.lazy.map(\.interest))
        if let ear = listener.descriptor { descriptors.append(ear) }
        descriptors.append(pollfd(fd: inbox.descriptor, events: Int16(POLLIN), revents: 0))
        sleep(at: now)
        return isAsleep ? milliseconds(from: now) : 0
    }

    /// Takes a request in the thread's place, which sleeps: who sends a statement itself need not wait for the thread to
    /// wake.
    ///
    /// - Parameter message: The request; see ``EngineMessage/isRequest``.
    /// - Returns: Whether the thread has to wake now, for it polls for less or would sleep too long.
    func help(with message: EngineMessage) -> Bool {
        let now = context.time.now
        receive(message, at: now)
        pump(at: now)
        if !pool.isPolled(for: interests) { return true }
        guard let due = earliestDue(after: now) else { return false }
        return sleepsUntil.map { due < $0 } ?? true
    }

    private func handle(_ descriptors: [pollfd]) {
        for (place, index) in indices.enumerated() where descriptors[place].revents != 0 {
            pool.handle(index, events: Int32(descriptors[place].revents))
        }
        // Between the connections' descriptors and the inbox's, if the listener has one.
        for ear in descriptors[indices.count...].dropLast() where ear.revents != 0 {
            listener.handle(events: Int32(ear.revents))
        }
    }

    private func receive(_ message: EngineMessage, at now: Duration) {
        switch message {
        case .save(let entry, let silo):
            if let queue = saves[silo] { return queue.add(entry, at: now) }
            let queue = SaveQueue(silo: silo, pool: pool)
            saves[silo] = queue
            queue.add(entry, at: now)
        case .load(let request, let waiter):
            loads.add(request, waiter: waiter, at: now)
        case .run(let statement, let waiter):
            pool.submit(statement) { waiter.resume(returning: $0) }
        case .connected(let slot, let generation, let outcome):
            pool.connected(slot, generation, outcome)
        case .watch(let number, let handler):
            listener.add(handler, as: number, at: now)
        case .unwatch(let number):
            listener.remove(number)
        case .listening(let generation, let outcome):
            listener.connected(generation, outcome)
        case .close(let waiter):
            if let waiter { closing.append(waiter) }
            if closeBy == nil { closeBy = now + configuration.closeTimeout }
        }
    }

    private func pump(at now: Duration) {
        for queue in saves.values { queue.pump(at: now) }
        loads.pump(at: now)
    }

    /// Goes to sleep, unless there are messages.
    private func sleep(at now: Duration) {
        sleepsUntil = earliestDue(after: now)
        func wake(by due: Duration) { sleepsUntil = min(sleepsUntil ?? due, due) }
        if !indices.isEmpty { wake(by: now + Self.longestSleep) }
        let (fewestLoads, loadsUntil) = loads.patience(at: now)
        var patience = EnginePatience(loads: fewestLoads)
        if let loadsUntil { wake(by: loadsUntil) }
        // With several members in one process, each of their saves wakes it.
        if saves.count == 1, let queue = saves.values.first {
            let (fewest, until) = queue.patience(at: now)
            patience.silo = queue.silo
            patience.saves = fewest
            if let until { wake(by: until) }
        }
        let allowsHelp = loads.isQuiet && saves.values.allSatisfy(\.isQuiet)
        isAsleep = inbox.fallAsleep(patience, allowsHelp: allowsHelp)
    }

    /// When there is something to do without the network.
    private func earliestDue(after now: Duration) -> Duration? {
        var earliest = pool.nextDeadline(after: now)
        func consider(_ due: Duration?) {
            if let due { earliest = min(earliest ?? due, due) }
        }
        for queue in saves.values { consider(queue.nextDue) }
        consider(loads.nextDue)
        consider(closeBy)
        consider(listener.deadline)
        return earliest
    }

    /// How long to sleep, rounded up to what `poll` can tell.
    private func milliseconds(from now: Duration) -> Int32 {
        guard let sleepsUntil else { return -1 }
        let (seconds, attoseconds) = max(sleepsUntil - now, .zero).components
        let milliseconds = min(seconds, 3_600) * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(milliseconds)
    }

    private func isFinished(at now: Duration) -> Bool {
        guard let closeBy else { return false }
        return closeBy <= now || (loads.isEmpty && saves.values.allSatisfy(\.isEmpty))
    }

    private func finish() {
        pool.close()
        listener.close()
        let late = inbox.close()
        for message in late {
            switch message {
            case .save(let entry, _):
                entry.waiter.saved(.failure(PostgresEngine.closed))
            case .load(_, let waiter):
                waiter.loaded(.failure(PostgresEngine.closed))
            case .run(_, let waiter):
                waiter.resume(returning: .failure(.notSent(PostgresEngine.closed)))
            case .connected, .watch, .unwatch, .listening: break
            case .close(let waiter): waiter?.resume()
            }
        }
        for queue in saves.values { queue.abandon() }
        loads.abandon()
        for waiter in closing { waiter.resume() }
    }
}
