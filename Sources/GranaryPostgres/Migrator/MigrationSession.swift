/// One database session as migrations need it: statements one after the other, each answered before the next.
///
/// Its methods block; ``Migrator`` uses it on a thread of its own.
protocol MigrationSession {
    /// Runs SQL text by the simple protocol.
    ///
    /// - Parameter sql: Any number of statements.
    /// - Returns: The last statement's rows, as text; empty for one that has none.
    /// - Throws: What failed; of statements in a transaction that is open, none counts.
    func run(_ sql: String) throws(StatementFailure) -> [[String?]]
}
