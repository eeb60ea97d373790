import CLibPQ

/// An open libpq connection; closed when it is released.
///
/// It is `@unchecked Sendable` because it is handed from the thread that connects to the thread that drives it, exactly
/// once and through a lock, and never touched by two threads: libpq asks for no more ("Behavior in Threaded Programs").
final class ServerConnection: @unchecked Sendable {
    /// libpq's own object.
    let raw: OpaquePointer
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

    /// Sends a statement, unnamed, with binary parameters and binary results.
    ///
    /// - Parameter statement: The statement.
    /// - Returns: Whether libpq took it.
    func send(_ statement: Statement) -> Bool {
        let parameters = statement.parameters
        var types = parameters.slices.map(\.type.rawValue)
        var lengths = parameters.slices.map { Int32(truncatingIfNeeded: $0.length ?? 0) }
        var formats = [Int32](repeating: 1, count: parameters.slices.count)
        // libpq copies the values before it returns, so the pointers are good for as long as it needs them.
        return parameters.bytes.withUnsafeBytes { bytes in
            // An empty value needs an address that is not null, for that would be SQL's null.
            withUnsafeBytes(of: UInt64(0)) { empty in
                var values: [UnsafePointer<CChar>?] = parameters.slices.map { slice in
                    guard slice.length != nil else { return nil }
                    let start = bytes.baseAddress.map { $0 + slice.offset } ?? empty.baseAddress
                    return start?.assumingMemoryBound(to: CChar.self)
                }
                return PQsendQueryParams(
                    raw, statement.sql, Int32(parameters.slices.count), &types, &values, &lengths, &formats, 1) == 1
            }
        }
    }
}
