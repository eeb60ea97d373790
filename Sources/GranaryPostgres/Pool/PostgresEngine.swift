import GranaryCore
import Synchronization

/// The connections to one database, driven by one thread of their own; the handle that everyone may hold.
///
/// A caller leaves its request in an inbox and suspends. The thread sends, receives and wakes the callers: Swift's
/// cooperative pool never waits for a socket, and what arrives while the thread works is gathered by itself. While little
/// is going on, a caller sends its request itself; see ``EngineDesk``.
final class PostgresEngine: Sendable {
    private let desk: EngineDesk
    private let watches = Atomic<UInt64>(0)

    /// Starts the thread; connections are opened when there is work.
    ///
    /// - Parameters:
    ///   - configuration: Limits and time-outs.
    ///   - context: Time, random numbers and logger.
    /// - Throws: ``StorageError`` when the connection string cannot be read or the process has no threads left.
    init(_ configuration: PostgresConfiguration, context: BackendContext) throws(StorageError) {
        let connection = try ConnectionString(configuration.connectionString)
        let listening = try configuration.listenConnectionString.map(Self.connectionString)
        let inbox = try Inbox()
        let loop = EngineLoop(
            configuration, connection: connection, listening: listening, context: context, inbox: inbox)
        let desk = EngineDesk(loop, inbox: inbox)
        self.desk = desk
        let started = NativeThread.start(named: "granary-pg") { desk.run() }
        guard started else {
            throw StorageError(.unavailable, "The system gives no thread to drive database connections with.")
        }
    }

    deinit { _ = desk.send(.close(nil)) }

    /// What is told to those who come too late.
    static let closed = StorageError(.unavailable, "The database connection is closed.")

    /// Saves a state in the next batch.
    ///
    /// - Parameters:
    ///   - request: What to save.
    ///   - silo: The member that writes.
    ///   - receiver: Gets the outcome, on any thread, possibly before this returns.
    func save(_ request: StateSave, silo: Int32, for receiver: any SaveReceiver) {
        if !desk.send(.save(SaveEntry(request, waiter: receiver), silo: silo)) {
            receiver.saved(.failure(Self.closed))
        }
    }

    /// Loads states in the next batch.
    ///
    /// - Parameters:
    ///   - request: What to load.
    ///   - receiver: Gets the states, on any thread, possibly before this returns.
    func load(_ request: StateLoad, for receiver: any LoadReceiver) {
        if !desk.send(.load(request, receiver)) { receiver.loaded(.failure(Self.closed)) }
    }

    /// Runs a statement of its own.
    func run(_ statement: Statement) async throws(StatementFailure) -> ResultRows {
        let result = await withCheckedContinuation { waiter in
            if !desk.send(.run(statement, waiter)) { waiter.resume(returning: .failure(.notSent(Self.closed))) }
        }
        return try result.get()
    }

    /// Tells of new views.
    ///
    /// - Parameter handler: Called on the engine's thread with the number of the newest view.
    /// - Returns: The watch.
    func watch(_ handler: @escaping @Sendable (Int64) -> Void) -> MembershipWatch {
        let number = watches.wrappingAdd(1, ordering: .relaxed).newValue
        _ = desk.send(.watch(number, handler))
        return MembershipWatch { [desk] in _ = desk.send(.unwatch(number)) }
    }

    private static func connectionString(_ text: String) throws(StorageError) -> ConnectionString {
        try ConnectionString(text)
    }

    /// Finishes what is under way, closes the connections and ends the thread.
    ///
    /// Closing twice is harmless.
    func close() async {
        await withCheckedContinuation { waiter in
            if !desk.send(.close(waiter)) { waiter.resume() }
        }
    }
}
