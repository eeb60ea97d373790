import GranaryCore

/// Checks at connect that the schema is there, and the one this program knows.
enum SchemaProbe {
    /// Reads the ledger as the first statement, which fails with the first attempt to connect that fails.
    ///
    /// - Parameters:
    ///   - engine: The connections.
    ///   - configuration: Time-outs, and the address that messages name.
    /// - Throws: ``StorageError`` with code `.schema`, or why there is no connection.
    static func check(_ engine: PostgresEngine, configuration: PostgresConfiguration) async throws(StorageError) {
        let statement = Statement(
            sql: SchemaCheck.sql, parameters: ParameterBuffer(), timeout: configuration.statementTimeout,
            patience: .zero)
        let rows: ResultRows
        do throws(StatementFailure) {
            rows = try await engine.run(statement)
        } catch {
            guard case .refused(let error) = error, SchemaCheck.isMissing(error.state) else {
                throw error.storageError(reads: true)
            }
            return try SchemaCheck.judge(nil, address: configuration.description)
        }
        let applied = (0..<rows.count).compactMap { row in
            SchemaCheck.row((0..<Int32(4)).map { rows.text(row, $0) })
        }
        try SchemaCheck.judge(applied, address: configuration.description)
    }
}
