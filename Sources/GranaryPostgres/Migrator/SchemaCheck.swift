import GranaryCore

/// Decides whether a silo can run on the schema it finds.
enum SchemaCheck {
    /// Reads the ledger; all columns are text.
    ///
    /// Where there is none, the server answers with an error of the kind that ``isMissing(_:)`` knows.
    static let sql = """
        select number::text, name, checksum, to_char(applied_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') \
        from granary.migration order by number
        """

    /// Whether an error says that there is no ledger: no such table, or no such schema.
    ///
    /// - Parameter state: The error's SQLSTATE.
    /// - Returns: Whether it does.
    static func isMissing(_ state: SQLState) -> Bool { ["42P01", "3F000"].contains(state.rawValue) }

    /// Reads a row that ``sql`` gave.
    ///
    /// - Parameter columns: The columns as text.
    /// - Returns: The row, or `nil` if it is none of a ledger.
    static func row(_ columns: [String?]) -> AppliedMigration? {
        guard columns.count == 4, let number = columns[0].flatMap({ Int($0) }), let name = columns[1],
            let checksum = columns[2]
        else { return nil }
        return AppliedMigration(number: number, name: name, checksum: checksum, appliedAt: columns[3] ?? "")
    }

    /// Judges a schema.
    ///
    /// - Parameters:
    ///   - applied: The ledger's rows in order; `nil` where there is no ledger.
    ///   - known: The program's migrations.
    ///   - address: The connection string as it may be shown: without passwords.
    /// - Throws: ``StorageError`` with code `.schema` that names the command to run.
    static func judge(
        _ applied: [AppliedMigration]?, known: [Migration] = Migration.all, address: String
    ) throws(StorageError) {
        let history = MigrationHistory(known: known, applied: applied)
        let command = "granary migrate --postgres \(quoted(address))"
        guard let applied, !applied.isEmpty else {
            throw StorageError(.schema, "The database has no Granary schema yet. Make it with: \(command)")
        }
        if let refusal = history.refusal {
            throw StorageError(
                .schema,
                "\(refusal.message) To see what the database has: granary migrate status --postgres \(quoted(address))",
                cause: refusal)
        }
        guard history.pending.isEmpty else {
            throw StorageError(
                .schema,
                "The database has schema \(applied.count), and this program needs \(known.count). "
                    + "Bring it up to date with: \(command)")
        }
    }

    /// An argument as a shell takes it.
    private static func quoted(_ argument: String) -> String {
        let plain = argument.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "."),
                UInt8(ascii: "@"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: ","):
                return true
            default: return false
            }
        }
        guard !plain || argument.isEmpty else { return argument }
        return "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
