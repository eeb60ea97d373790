import CLibPQ

/// An open libpq connection; closed when it is released.
///
/// It is `@unchecked Sendable` because it is handed from the thread that connects to the thread that drives it, exactly
/// once and through a lock, and never touched by two threads: libpq asks for no more ("Behavior in Threaded Programs").
final class ServerConnection: @unchecked Sendable {
    /// libpq's own object.
    let raw: OpaquePointer
    /// Whether all statements meet the same session, so that it may prepare some: not behind a pooler.
    var keepsSession = false
    private var prepared: Set<String> = []
    private let notices: NoticeLog

    /// Takes over an open connection.
    ///
    /// - Parameters:
    ///   - raw: The connection, which nobody else closes.
    ///   - notices: Where the server's notices go.
    init(owning raw: OpaquePointer, notices: NoticeLog) {
        self.raw = raw
        self.notices = notices
        _ = PQsetnonblocking(raw, 1)
        notices.listen(to: raw)
    }

    deinit { PQfinish(raw) }

    /// The socket's descriptor.
    var socket: Int32 { PQsocket(raw) }

    /// Whether libpq believes the connection to be whole.
    var isWhole: Bool { PQstatus(raw) == CONNECTION_OK }

    /// What libpq says of the last thing that failed; it may hold secrets.
    var message: String { PQerrorMessage(raw).map { String(cString: $0) } ?? "" }

    /// Whether the backend with this number is the one that answered when the connection was opened.
    ///
    /// A pooler answers then with a number of its own: it keeps the number for cancelling, and has many backends.
    func isBackend(_ number: Int32?) -> Bool { number == PQbackendPID(raw) }

    /// Whether the session has to prepare a statement before it runs it.
    func mustPrepare(_ statement: Statement) -> Bool {
        guard keepsSession, let name = statement.name else { return false }
        return !prepared.contains(name)
    }

    /// Has the session prepare a statement, with types but without values.
    ///
    /// - Parameter statement: The statement.
    /// - Returns: Whether libpq took it.
    func prepare(_ statement: Statement) -> Bool {
        guard let name = statement.name else { return false }
        let types = statement.parameters.slices.map(\.type.rawValue)
        return PQsendPrepare(raw, name, statement.sql, Int32(types.count), types) == 1
    }

    /// The session has prepared a statement.
    func notePrepared(_ statement: Statement) {
        if let name = statement.name { prepared.insert(name) }
    }

    /// Sends a statement with binary parameters, for binary results: by its name if the session prepares statements.
    ///
    /// - Parameter statement: The statement; not one for which ``mustPrepare(_:)`` holds.
    /// - Returns: Whether libpq took it.
    func send(_ statement: Statement) -> Bool {
        let slices = statement.parameters.slices
        let lengths = slices.map { Int32(truncatingIfNeeded: $0.length ?? 0) }
        let formats = [Int32](repeating: 1, count: slices.count)
        // libpq copies the values before it returns, so the pointers are good for as long as it needs them.
        return statement.parameters.bytes.withUnsafeBytes { bytes in
            // An empty value needs an address that is not null, for that would be SQL's null.
            withUnsafeBytes(of: UInt64(0)) { empty in
                let values: [UnsafePointer<CChar>?] = slices.map { slice in
                    guard slice.length != nil else { return nil }
                    let start = bytes.baseAddress.map { $0 + slice.offset } ?? empty.baseAddress
                    return start?.assumingMemoryBound(to: CChar.self)
                }
                let count = Int32(slices.count)
                if keepsSession, let name = statement.name {
                    return PQsendQueryPrepared(raw, name, count, values, lengths, formats, 1) == 1
                }
                let types = slices.map(\.type.rawValue)
                return PQsendQueryParams(raw, statement.sql, count, types, values, lengths, formats, 1) == 1
            }
        }
    }
}
