import GranaryCore

/// Checks at connect that the schema is there.
enum SchemaProbe {
    /// Runs the check as the first statement, which fails with the first attempt to connect that fails.
    ///
    /// - Parameters:
    ///   - engine: The connections.
    ///   - configuration: Time-outs.
    /// - Throws: ``StorageError`` with code `.schema`, or why there is no connection.
    static func check(_ engine: PostgresEngine, configuration: PostgresConfiguration) async throws(StorageError) {
        let statement = Statement(
            sql: "select to_regclass('granary.state') is not null", parameters: ParameterBuffer(),
            timeout: configuration.statementTimeout, patience: .zero)
        let rows: ResultRows
        do throws(StatementFailure) {
            rows = try await engine.run(statement)
        } catch {
            throw error.storageError(reads: true)
        }
        guard rows.bool(0, 0) == true else {
            throw StorageError(.schema, "The database has no Granary schema yet: run `granary migrate`.")
        }
    }
}
