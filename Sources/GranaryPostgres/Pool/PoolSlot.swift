/// A place for one connection in the pool.
struct PoolSlot {
    /// A statement that was sent.
    struct Running {
        /// Called once with what became of it.
        let completion: ConnectionPool.Completion
        /// What was sent, to be sent again: after it was prepared, or unnamed; `nil` for what has no name.
        var named: Statement?
        /// Whether it is being prepared.
        var isPreparing = false
        /// The rows, which count only once the server is ready for the next statement: it commits after it sent them.
        var rows: ResultRows?
        /// The error that the server answered with.
        var failure: StatementFailure?
    }

    /// Where the connection is in its life.
    var life: ConnectionLife
    /// The socket, if there is one.
    var server: ServerConnection?
    /// The statement that it runs.
    var running: Running?
    /// Whether part of a statement is still to be written.
    var mustFlush = false

    /// Its socket, and for what it is polled, as one number; -1 without a socket.
    var interest: Int32 { server.map { $0.socket << 1 | (mustFlush ? 1 : 0) } ?? -1 }
}
