import GranaryCore

/// What is handed to the thread that drives the connections.
enum EngineMessage: Sendable {
    /// Save a state.
    case save(SaveEntry<SaveQueue.Waiter>, silo: Int32)
    /// Load states.
    case load(StateLoad, LoadQueue.Waiter)
    /// Run a statement.
    case run(Statement, CheckedContinuation<Result<ResultRows, StatementFailure>, Never>)
    /// An attempt to connect ended.
    case connected(slot: Int, generation: Int, Result<ServerConnection, StorageError>)
    /// Finish, and close.
    case close(CheckedContinuation<Void, Never>?)
}
