import GranaryCore

/// What is handed to the loop of the connections.
enum EngineMessage: Sendable {
    /// Save a state.
    case save(SaveEntry<any SaveReceiver>, silo: Int32)
    /// Load states.
    case load(StateLoad, any LoadReceiver)
    /// Run a statement.
    case run(Statement, CheckedContinuation<Result<ResultRows, StatementFailure>, Never>)
    /// An attempt to connect ended.
    case connected(slot: Int, generation: Int, Result<ServerConnection, StorageError>)
    /// Tell of new views.
    case watch(UInt64, @Sendable (Int64) -> Void)
    /// Tell of them no more.
    case unwatch(UInt64)
    /// An attempt to connect for listening ended.
    case listening(generation: Int, Result<ServerConnection, StorageError>)
    /// Finish, and close.
    case close(CheckedContinuation<Void, Never>?)

    /// Whether it asks the database for something, and for nothing of the thread.
    var isRequest: Bool {
        switch self {
        case .save, .load, .run: true
        case .connected, .watch, .unwatch, .listening, .close: false
        }
    }
}
