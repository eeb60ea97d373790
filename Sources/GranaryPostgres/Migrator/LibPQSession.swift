import CLibPQ
import GranaryCore

/// A session on libpq's blocking calls, for a thread of its own.
final class LibPQSession: MigrationSession {
    private let raw: OpaquePointer
    private let connection: ConnectionString

    /// Connects.
    ///
    /// - Parameter connection: Where to.
    /// - Throws: `.notSent` with what libpq says, without secrets.
    init(_ connection: ConnectionString) throws(StatementFailure) {
        var connection = connection
        connection.setDefault("connect_timeout", "10")
        connection.setDefault("fallback_application_name", "granary migrate")
        connection.setDefault("client_encoding", "UTF8")
        // With several hosts the first that answers may be a standby, which takes no writes.
        if connection.hasSeveralHosts { connection.setDefault("target_session_attrs", "primary") }
        guard let raw = Self.connect(connection) else {
            throw .notSent(StorageError(.unavailable, "There is no memory for a connection."))
        }
        self.raw = raw
        self.connection = connection
        guard PQstatus(raw) == CONNECTION_OK else {
            let message = connection.redacting(PQerrorMessage(raw).map { String(cString: $0) } ?? "")
            throw .notSent(StorageError(.unavailable, "The database cannot be reached: \(message)"))
        }
        // Notices would otherwise be written to standard error.
        _ = PQsetNoticeReceiver(raw, { _, _ in }, nil)
    }

    deinit { PQfinish(raw) }

    func run(_ sql: String) throws(StatementFailure) -> [[String?]] {
        guard let result = PQexec(raw, sql) else { throw lost() }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK: return Self.rows(of: result)
        case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: return []
        default: break
        }
        guard PQstatus(raw) == CONNECTION_OK else { throw lost() }
        let state = Self.field("C", of: result) ?? "XX000"
        var message = Self.field("M", of: result) ?? "an error without a message"
        // A migration holds no stored data, so the place in its text may be told.
        if let position = Self.field("P", of: result).flatMap({ Int($0) }) {
            let line = sql.unicodeScalars.prefix(position - 1).count { $0 == "\n" } + 1
            message += ", in line \(line)"
        }
        throw .refused(ServerError(state: SQLState(rawValue: state), message: connection.redacting(message)))
    }

    private func lost() -> StatementFailure {
        let message = connection.redacting(PQerrorMessage(raw).map { String(cString: $0) } ?? "")
        return .lost(StorageError(.unavailable, "The connection to the database was lost: \(message)"))
    }

    private static func connect(_ connection: ConnectionString) -> OpaquePointer? {
        withCStrings(connection.settings.map(\.keyword)) { keywords in
            withCStrings(connection.settings.map(\.value)) { values in PQconnectdbParams(keywords, values, 0) }
        }
    }

    /// Lends C strings, ended by null, for the length of a call: each pointer is used within the `withCString` that gave it.
    private static func withCStrings<R>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> R
    ) -> R {
        func lend(_ index: Int, _ pointers: inout [UnsafePointer<CChar>?]) -> R {
            guard index < strings.count else {
                pointers.append(nil)
                return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
            }
            return strings[index].withCString { pointer in
                pointers.append(pointer)
                return lend(index + 1, &pointers)
            }
        }
        var pointers: [UnsafePointer<CChar>?] = []
        return lend(0, &pointers)
    }

    private static func rows(of result: OpaquePointer) -> [[String?]] {
        (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { column in
                guard PQgetisnull(result, row, column) == 0 else { return nil }
                return PQgetvalue(result, row, column).map { String(cString: $0) }
            }
        }
    }

    private static func field(_ code: Unicode.Scalar, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
    }
}
