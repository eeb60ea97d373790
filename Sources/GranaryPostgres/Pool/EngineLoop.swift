import GranaryCore
import Logging

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The loop of the thread that drives the connections; it never leaves that thread.
final class EngineLoop {
    private let configuration: PostgresConfiguration
    private let context: BackendContext
    private let inbox: Inbox<EngineMessage>
    private let pool: ConnectionPool
    private let listener: Listener
    private let loads: LoadQueue
    private var saves: [Int32: SaveQueue] = [:]
    private var closing: [CheckedContinuation<Void, Never>] = []
    private var closeBy: Duration?

    /// Makes the loop, on its thread.
    init(
        _ configuration: PostgresConfiguration, connection: ConnectionString, listening: ConnectionString?,
        context: BackendContext, inbox: Inbox<EngineMessage>
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

    /// Runs until the engine is closed.
    func run() {
        var messages: [EngineMessage] = []
        var descriptors: [pollfd] = []
        var indices: [Int] = []
        while true {
            inbox.take(into: &messages)
            let now = context.time.now
            for message in messages { receive(message, at: now) }
            messages.removeAll(keepingCapacity: true)
            pool.tick(now)
            listener.tick(now)
            pump(at: now)
            if isFinished(at: now) { return finish() }
            descriptors.removeAll(keepingCapacity: true)
            indices.removeAll(keepingCapacity: true)
            pool.addDescriptors(to: &descriptors, indices: &indices)
            let ear = listener.descriptor
            if let ear { descriptors.append(ear) }
            descriptors.append(pollfd(fd: inbox.descriptor, events: Int16(POLLIN), revents: 0))
            let mustSleep = inbox.fallAsleep()
            let count = poll(&descriptors, nfds_t(descriptors.count), mustSleep ? milliseconds(from: now) : 0)
            if mustSleep || count > 0 { inbox.wakeUp(wasWoken: descriptors.last?.revents != 0) }
            guard count > 0 else { continue }
            for (place, index) in indices.enumerated() where descriptors[place].revents != 0 {
                pool.handle(index, events: Int32(descriptors[place].revents))
            }
            if ear != nil, descriptors[indices.count].revents != 0 {
                listener.handle(events: Int32(descriptors[indices.count].revents))
            }
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

    /// How long to sleep, rounded up to what `poll` can tell.
    private func milliseconds(from now: Duration) -> Int32 {
        var earliest = pool.nextDeadline(after: now)
        func consider(_ due: Duration?) {
            if let due { earliest = min(earliest ?? due, due) }
        }
        for queue in saves.values { consider(queue.nextDue) }
        consider(loads.nextDue)
        consider(closeBy)
        consider(listener.deadline)
        guard let earliest else { return -1 }
        let (seconds, attoseconds) = max(earliest - now, .zero).components
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
                entry.waiter.completion(.failure(PostgresEngine.closed))
            case .load(_, let waiter):
                waiter.completion(.failure(PostgresEngine.closed))
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
