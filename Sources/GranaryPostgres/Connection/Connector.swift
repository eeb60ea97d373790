import CLibPQ
import GranaryCore
import Logging

/// Opens connections, each on a thread of its own: looking up a name blocks even in libpq's non-blocking mode, and only
/// its blocking form goes on to the next host of a list when one does not answer.
struct Connector: Sendable {
    private let connection: ConnectionString
    private let notices: NoticeLog

    /// Makes a connector.
    ///
    /// - Parameters:
    ///   - connection: Where to connect to.
    ///   - timeout: How long each host may take, in whole seconds (libpq takes no less than two).
    ///   - logger: Where the server's notices go.
    init(_ connection: ConnectionString, timeout: Duration, logger: Logger) {
        var connection = connection
        connection.setDefault("connect_timeout", String(max(2, timeout.components.seconds)))
        connection.setDefault("fallback_application_name", "granary")
        connection.setDefault("client_encoding", "UTF8")
        // With several hosts the first that answers may be a standby, which takes no writes.
        if connection.hasSeveralHosts { connection.setDefault("target_session_attrs", "primary") }
        self.connection = connection
        notices = NoticeLog(logger: logger, connection: connection)
    }

    /// Starts to connect.
    ///
    /// - Parameter done: Called once, on the thread that connected.
    func connect(_ done: @escaping @Sendable (Result<ServerConnection, StorageError>) -> Void) {
        guard !NativeThread.start(named: "granary-pg-dial", { done(open()) }) else { return }
        done(.failure(StorageError(.unavailable, "The system gives no thread to connect to the database with.")))
    }

    private func open() -> Result<ServerConnection, StorageError> {
        let raw = Self.withTerminated(connection.settings.map(\.keyword)) { keywords in
            Self.withTerminated(connection.settings.map(\.value)) { values in PQconnectdbParams(keywords, values, 0) }
        }
        guard let raw else { return .failure(StorageError(.unavailable, "There is no memory for a connection.")) }
        let server = ServerConnection(owning: raw, notices: notices)
        guard server.isWhole else {
            let message = connection.redacting(server.message)
            return .failure(StorageError(Self.code(for: message), "The database cannot be reached: \(message)"))
        }
        return .success(server)
    }

    /// What a failed attempt means.
    ///
    /// libpq tells the SQLSTATE of none, so the words decide; words that are not known count as a server that is away
    /// for now.
    private static func code(for message: String) -> StorageError.Code {
        let settled = [
            "password authentication failed", "no password supplied", "no pg_hba.conf entry", "authentication failed",
            "certificate verify failed", "does not match host name", "root certificate file", "certificate file",
            "server does not support SSL", "is not permitted to log in", "permission denied for database",
            "invalid value", "invalid port", "invalid sslmode", "invalid connection option",
        ]
        if settled.contains(where: { message.contains($0) }) { return .configuration }
        let missing = message.contains("database \"") || message.contains("role \"")
        return missing && message.contains("does not exist") ? .configuration : .unavailable
    }

    /// Lends C strings, ended by null, for the length of a call; all of them lie in one array that outlives it.
    private static func withTerminated<Value>(
        _ strings: [String], _ body: ([UnsafePointer<CChar>?]) -> Value
    ) -> Value {
        var bytes: [CChar] = []
        var offsets: [Int] = []
        for string in strings {
            offsets.append(bytes.count)
            bytes += string.utf8CString
        }
        return bytes.withUnsafeBufferPointer { buffer in
            body(offsets.map { offset in buffer.baseAddress.map { $0 + offset } } + [nil])
        }
    }
}
