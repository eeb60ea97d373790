import CLibPQ
import GranaryCore
import Logging

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The connection by which the server tells of new views (`LISTEN granary`), driven by the engine's thread.
///
/// It is there only while somebody wants to be told. Nothing depends on it: when it cannot be had, new views come with the
/// renewals of the lease and from other silos.
final class Listener {
    /// What the server is being asked.
    private enum Question {
        /// Who it is: behind a pooler it is another one than the connection was made to.
        case backend
        /// To notify, and for the newest view.
        case listen
    }

    /// Starts to connect; the outcome comes back through ``connected(_:_:)``.
    typealias Dial = (_ generation: Int) -> Void

    private let connection: ConnectionString
    private let isDirect: Bool
    private let context: BackendContext
    private let timeout: Duration
    private let dial: Dial
    private var life: ListenerLife
    private var server: ServerConnection?
    private var question = Question.backend
    private var answer: Int64?
    private var refusal: String?
    private var mustFlush = false
    private var handlers: [UInt64: @Sendable (Int64) -> Void] = [:]
    private var newest: Int64?
    private var isHopeless = false
    private var hasComplained = false

    /// Makes a listener that nobody listens to.
    ///
    /// - Parameters:
    ///   - connection: Where it connects to.
    ///   - isDirect: Whether the connection is known to lead to the server itself, and not to a pooler.
    ///   - configuration: Time-outs.
    ///   - context: Time, random numbers and logger.
    ///   - dial: Starts to connect.
    init(
        _ connection: ConnectionString, isDirect: Bool, configuration: PostgresConfiguration, context: BackendContext,
        dial: @escaping Dial
    ) {
        self.connection = connection
        self.isDirect = isDirect
        self.context = context
        self.dial = dial
        timeout = configuration.connectTimeout
        life = ListenerLife(pauses: Backoff(first: .milliseconds(50), limit: configuration.longestReconnectPause))
    }

    /// When ``tick(_:)`` has something to do.
    var deadline: Duration? { life.deadline }

    /// What to poll; `nil` without a connection.
    var descriptor: pollfd? {
        guard let server else { return nil }
        return pollfd(fd: server.socket, events: Int16(mustFlush ? POLLIN | POLLOUT : POLLIN), revents: 0)
    }

    /// Tells somebody of new views from now on.
    func add(_ handler: @escaping @Sendable (Int64) -> Void, as number: UInt64, at now: Duration) {
        handlers[number] = handler
        if case .listening = life.state, let newest { handler(newest) }
        tick(now)
    }

    /// Tells somebody nothing any more.
    func remove(_ number: UInt64) {
        handlers[number] = nil
        if handlers.isEmpty { close() }
    }

    /// Closes the connection.
    func close() {
        server = nil
        life.turnOff()
    }

    /// Ends what took too long, and starts what paused long enough.
    func tick(_ now: Duration) {
        if case .asking(let until) = life.state, until <= now { fail("no answer to LISTEN") }
        guard !handlers.isEmpty, !isHopeless, let generation = life.attempt(at: now, isWanted: true) else { return }
        dial(generation)
    }

    /// Takes the outcome of an attempt to connect.
    func connected(_ generation: Int, _ outcome: Result<ServerConnection, StorageError>) {
        guard generation == life.generation, life.state == .connecting else { return }
        switch outcome {
        case .failure(let error): fail(error.message)
        case .success(let server):
            guard life.connected(generation, until: context.time.now + timeout) else { return }
            self.server = server
            ask(isDirect ? .listen : .backend)
        }
    }

    private func ask(_ next: Question) {
        question = next
        answer = nil
        let text =
            switch next {
            case .backend: "select pg_backend_pid()"
            case .listen: "listen granary; select view from granary.cluster"
            }
        guard let server, PQsendQuery(server.raw, text) == 1 else { return fail(server?.message ?? "") }
        flush()
    }

    private func flush() {
        guard let server else { return }
        let left = PQflush(server.raw)
        guard left >= 0 else { return fail(server.message) }
        mustFlush = left == 1
    }

    /// Takes in what the socket has to say.
    ///
    /// - Parameter events: What `poll` saw.
    func handle(events: Int32) {
        guard let server else { return }
        if events & ~POLLOUT != 0, PQconsumeInput(server.raw) == 0 { return fail(server.message) }
        if mustFlush { flush() }
        if case .asking = life.state {
            while PQisBusy(server.raw) == 0 {
                guard let result = PQgetResult(server.raw) else { return answered(server) }
                take(result)
            }
        } else if PQisBusy(server.raw) != 0 || !server.isWhole {
            return fail(server.message)
        }
        takeNotifications(of: server)
    }

    private func take(_ result: OpaquePointer) {
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK:
            guard PQntuples(result) > 0, let text = PQgetvalue(result, 0, 0) else { return }
            answer = Int64(String(cString: text))
        case PGRES_COMMAND_OK: break
        default: refusal = PQresultErrorMessage(result).map { String(cString: $0) } ?? "the server refused LISTEN"
        }
    }

    private func answered(_ server: ServerConnection) {
        if let refusal = refusal.take() { return fail(refusal) }
        switch question {
        case .backend:
            // A pooler names a session of its own, and would have LISTEN forgotten with the statement.
            guard answer == Int64(PQbackendPID(server.raw)) else { return giveUp() }
            ask(.listen)
        case .listen:
            life.began(at: context.time.now)
            hasComplained = false
            context.logger.debug("PostgreSQL tells of changes of the cluster")
            // What was told while there was no connection is made up for.
            tell(answer ?? 0)
            takeNotifications(of: server)
        }
    }

    private func takeNotifications(of server: ServerConnection) {
        while let notification = PQnotifies(server.raw) {
            let view = notification.pointee.extra.flatMap { Int64(String(cString: $0)) }
            PQfreemem(notification)
            // Without a number it says that something changed all the same.
            tell(view ?? .max)
        }
    }

    private func tell(_ view: Int64) {
        if view < .max { newest = max(newest ?? 0, view) }
        for handler in handlers.values { handler(view) }
    }

    private func fail(_ reason: String) {
        server = nil
        mustFlush = false
        refusal = nil
        life.failed(at: context.time.now, random: context.random)
        let message = connection.redacting(reason)
        context.logger.log(
            level: hasComplained ? .debug : .notice,
            "PostgreSQL does not tell of changes of the cluster for now; they come with the renewals of the lease",
            metadata: ["reason": "\(message)"])
        hasComplained = true
    }

    private func giveUp() {
        close()
        isHopeless = true
        context.logger.notice(
            """
            a pooler stands before PostgreSQL, so changes of the cluster come with the renewals of the lease; set \
            granary.postgres.listen-url to a connection that leads to the server itself
            """)
    }
}
