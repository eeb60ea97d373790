import DequeModule
import GranaryCore
import Logging
import Metrics

/// A few connections to one database, opened when there is work and driven by one thread at a time.
///
/// It belongs to the loop, and is under its lock.
final class ConnectionPool {
    typealias Completion = (Result<ResultRows, StatementFailure>) -> Void

    /// A statement that waits for a connection.
    struct Request {
        let statement: Statement
        let submitted: Duration
        let completion: Completion

        var deadline: Duration { submitted + statement.patience }
    }

    let configuration: PostgresConfiguration
    let connection: ConnectionString
    let context: BackendContext
    let metrics: PostgresMetrics
    let canceller = Canceller()
    /// Connects slot and opening; the outcome comes back through `connected`.
    let dial: (_ slot: Int, _ generation: Int) -> Void

    var slots: [PoolSlot]
    var waiting = Deque<Request>()
    var lastFailure: StorageError?
    private(set) var isClosed = false

    /// Makes a pool without a connection.
    ///
    /// - Parameters:
    ///   - configuration: Limits and time-outs.
    ///   - connection: Where it connects to.
    ///   - context: Time, random numbers and logger.
    ///   - metrics: Where it counts.
    ///   - dial: Starts to connect.
    init(
        configuration: PostgresConfiguration, connection: ConnectionString, context: BackendContext,
        metrics: PostgresMetrics, dial: @escaping (_ slot: Int, _ generation: Int) -> Void
    ) {
        self.configuration = configuration
        self.connection = connection
        self.context = context
        self.metrics = metrics
        self.dial = dial
        let pauses = Backoff(first: .milliseconds(50), limit: configuration.longestReconnectPause)
        let limits = PostgresConfiguration.connections
        let count = min(max(configuration.maxConnections, limits.lowerBound), limits.upperBound)
        slots = (0..<count).map { _ in PoolSlot(life: ConnectionLife(pauses: pauses)) }
    }

    /// Runs a statement as soon as a connection is free.
    ///
    /// - Parameters:
    ///   - statement: The statement.
    ///   - completion: Called once, under the loop's lock, possibly before this returns.
    func submit(_ statement: Statement, _ completion: @escaping Completion) {
        guard !isClosed else {
            return completion(.failure(.notSent(StorageError(.unavailable, "The connection pool is closed."))))
        }
        let request = Request(statement: statement, submitted: context.time.now, completion: completion)
        if statement.isUrgent {
            let place = waiting.firstIndex { !$0.statement.isUrgent } ?? waiting.endIndex
            waiting.insert(request, at: place)
        } else {
            waiting.append(request)
        }
        serve()
    }

    /// Gives waiting statements to free connections, and opens more when these are too few.
    func serve() {
        while !waiting.isEmpty, let slot = freeSlot() { send(waiting.removeFirst(), on: slot) }
        guard !waiting.isEmpty, !isClosed else { return }
        let now = context.time.now
        var opening = 0
        for slot in slots {
            if slot.life.isOpening { opening += 1 }
            // While one connection pauses after a failure, another attempt would fail the same way.
            if case .backoff(let until) = slot.life.state, until > now { return }
        }
        let wanted = lastFailure == nil ? waiting.count : 1
        for index in slots.indices where opening < wanted && slots[index].life.canOpen(at: now) {
            opening += 1
            dial(index, slots[index].life.open())
        }
    }

    /// The ready connection that was used last: its server process has its plans and pages at hand.
    private func freeSlot() -> Int? {
        var best: (index: Int, since: Duration)?
        for index in slots.indices {
            guard case .ready(let since) = slots[index].life.state else { continue }
            if let found = best, found.since >= since { continue }
            best = (index, since)
        }
        return best?.index
    }

    private func send(_ request: Request, on index: Int) {
        slots[index].life.begin(until: context.time.now + request.statement.timeout)
        transmit(request.statement, on: index, request.completion)
    }

    /// Puts a statement on a connection.
    ///
    /// - Parameters:
    ///   - statement: The statement.
    ///   - index: The connection, which runs none.
    ///   - completion: Called once.
    func transmit(_ statement: Statement, on index: Int, _ completion: @escaping Completion) {
        var running = PoolSlot.Running(completion: completion)
        if statement.name != nil { running.named = statement }
        let server = slots[index].server
        running.isPreparing = server?.mustPrepare(statement) ?? false
        slots[index].running = running
        guard let server, running.isPreparing ? server.prepare(statement) : server.send(statement) else {
            return drop(index, because: server?.message ?? "the connection is closed")
        }
        flush(index)
    }

    /// Closes all connections; statements that wait or run fail.
    func close() {
        isClosed = true
        let requests = waiting
        waiting.removeAll()
        for index in slots.indices {
            drop(index, because: "the connection pool was closed")
            slots[index].life.close()
        }
        for request in requests {
            request.completion(.failure(.notSent(StorageError(.unavailable, "The connection pool is closed."))))
        }
        metrics.connections.record(0)
    }

    /// Counts the open connections.
    func recordConnections() { metrics.connections.record(slots.count { $0.server != nil }) }
}
