import GranaryCore

/// The statement that loads a batch; ``LoadedRows`` reads its answer.
enum LoadStatement {
    // A lateral join over the key keeps the plan a primary-key lookup per row whatever the table's statistics say.
    private static let sql = """
        select i.n, s.etag, s.version, s.data from unnest($1, $2, $3) with ordinality i (t, k, s, n) \
        cross join lateral (select etag, version, data from granary.state r \
        where (r.grain_type, r.grain_key, r.state_name) = (i.t, i.k, i.s) and r.etag is not null offset 0) s
        """

    /// Writes the statement.
    ///
    /// - Parameters:
    ///   - batch: The loads.
    ///   - configuration: Time-outs.
    /// - Returns: The statement.
    static func make<Waiter>(_ batch: LoadBatch<Waiter>, configuration: PostgresConfiguration) -> Statement {
        let rows = batch.rows
        var parameters = ParameterBuffer(capacity: rows * 64 + 128)

        func column(_ write: (inout ParameterBuffer, GrainID, String) -> Void) {
            parameters.addArray(of: .text, count: rows, hasNulls: false) { buffer in
                for entry in batch.entries {
                    for name in entry.request.names { write(&buffer, entry.request.grain, name) }
                }
            }
        }

        column { buffer, grain, _ in buffer.write(grain.type) }
        column { buffer, grain, _ in buffer.write(grain.key) }
        column { buffer, _, name in buffer.write(name) }
        return Statement(
            name: "granary_load", sql: sql, parameters: parameters, timeout: configuration.statementTimeout,
            patience: configuration.acquireTimeout)
    }
}
