import GranaryCore

/// The statement that saves a batch, and how its answer is read.
enum SaveStatement {
    private static let sql = "select n, outcome, stored from granary.save($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    private static let sqlForOne = "select granary.save_one($1, $2, $3, $4, $5, $6, $7, $8)"

    /// Writes the statement.
    ///
    /// - Parameters:
    ///   - batch: The saves in key order.
    ///   - silo: The member that writes.
    ///   - configuration: Time-outs.
    /// - Returns: The statement.
    static func make<Waiter>(
        _ batch: SaveBatch<Waiter>, silo: Int32, configuration: PostgresConfiguration
    ) -> Statement {
        if let (grain, write) = batch.alone { return make(grain, write, silo: silo, configuration: configuration) }
        let rows = batch.rows
        let bytes = batch.entries.reduce(0) { $0 + $1.bytes + $1.request.grain.key.utf8.count }
        let entries = batch.entries
        var parameters = ParameterBuffer(capacity: bytes + rows * 128 + 256)

        func column(
            _ type: ParameterBuffer.TypeID, hasNulls: Bool,
            _ write: (inout ParameterBuffer, Int, GrainID, StateWrite) -> Void
        ) {
            parameters.addArray(of: type, count: rows, hasNulls: hasNulls) { buffer in
                for (index, entry) in entries.enumerated() {
                    for save in entry.request.writes { write(&buffer, index, entry.request.grain, save) }
                }
            }
        }

        parameters.add(silo)
        column(.integer, hasNulls: !batch.isGrouped) { buffer, index, _, _ in
            // Rows of one save share a number; a row that stands for itself has none, unless it must not wait.
            if batch.isGrouped || entries[index].request.writes.count > 1 {
                buffer.write(Int32(index + 1))
            } else {
                buffer.writeNull()
            }
        }
        column(.text, hasNulls: false) { buffer, _, grain, _ in buffer.write(grain.type) }
        column(.text, hasNulls: false) { buffer, _, grain, _ in buffer.write(grain.key) }
        column(.text, hasNulls: false) { buffer, _, _, save in buffer.write(save.name) }
        column(.uuid, hasNulls: true) { buffer, _, _, save in buffer.write(save.expected) }
        column(.uuid, hasNulls: false) { buffer, _, _, save in buffer.write(save.next) }
        column(.integer, hasNulls: false) { buffer, _, _, save in buffer.write(save.version) }
        column(.jsonb, hasNulls: true) { buffer, _, _, save in buffer.write(json: save.data) }
        return Statement(
            name: "granary_save", sql: sql, parameters: parameters, timeout: configuration.statementTimeout,
            patience: configuration.acquireTimeout)
    }

    /// Writes the statement for one row.
    private static func make(
        _ grain: GrainID, _ write: StateWrite, silo: Int32, configuration: PostgresConfiguration
    ) -> Statement {
        var parameters = ParameterBuffer(capacity: (write.data?.count ?? 0) + grain.key.utf8.count + 128)
        parameters.add(silo)
        parameters.add(grain.type)
        parameters.add(grain.key)
        parameters.add(write.name)
        if let expected = write.expected { parameters.add(expected) } else { parameters.addNull(.uuid) }
        parameters.add(write.next)
        parameters.add(write.version)
        if let data = write.data { parameters.add(json: data) } else { parameters.addNull(.jsonb) }
        return Statement(
            name: "granary_save_one", sql: sqlForOne, parameters: parameters, timeout: configuration.statementTimeout,
            patience: configuration.acquireTimeout)
    }

    /// Reads the answer.
    ///
    /// - Parameters:
    ///   - rows: What the statement gave.
    ///   - batch: What it saved.
    /// - Returns: The answers.
    static func answers<Waiter>(_ rows: ResultRows, of batch: SaveBatch<Waiter>) -> SaveAnswers {
        if batch.alone != nil { return rows.count == 1 && rows.bool(0, 0) == true ? .allSaved : .unsaved }
        let count = batch.rows
        // Row 0 stands for all rows.
        if rows.count == 1, rows.int32(0, 0) == 0, rows.firstByte(0, 1) == UInt8(ascii: "s") {
            return .allSaved
        }
        var answers = [SaveRowAnswer?](repeating: nil, count: count)
        for row in 0..<rows.count {
            guard let number = rows.int32(row, 0), number >= 1, Int(number) <= count else { continue }
            let outcome: SaveRowAnswer.Outcome
            switch rows.firstByte(row, 1) {
            case UInt8(ascii: "s"): outcome = .saved
            case UInt8(ascii: "c"): outcome = .conflict
            case UInt8(ascii: "a"): outcome = .aborted
            case UInt8(ascii: "b"): outcome = .busy
            case UInt8(ascii: "f"): outcome = .fenced
            default: continue
            }
            answers[Int(number) - 1] = SaveRowAnswer(
                outcome: outcome, stored: outcome == .saved ? nil : rows.etag(row, 2))
        }
        return .rows(answers)
    }
}
