import CLibPQ
import Logging

/// Takes the notices of servers and logs them at debug level.
final class NoticeLog: Sendable {
    private let logger: Logger
    private let connection: ConnectionString

    /// Makes a log of notices.
    ///
    /// - Parameters:
    ///   - logger: Where to log.
    ///   - connection: Whose secrets are kept out.
    init(logger: Logger, connection: ConnectionString) {
        self.logger = logger
        self.connection = connection
    }

    /// Takes the notices of one connection; the connection keeps this object for as long as it lives.
    ///
    /// - Parameter raw: The connection.
    func listen(to raw: OpaquePointer) {
        _ = PQsetNoticeReceiver(
            raw,
            { context, result in
                guard let context, let result else { return }
                // Alive: libpq calls while it works on the connection, which keeps this object.
                let log = Unmanaged<NoticeLog>.fromOpaque(context).takeUnretainedValue()
                guard let text = PQresultErrorField(result, NoticeLog.primaryMessage) else { return }
                log.take(String(cString: text))
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// libpq's field code of the primary message, `PG_DIAG_MESSAGE_PRIMARY`.
    static let primaryMessage = Int32(UInt8(ascii: "M"))
    /// libpq's field code of the SQLSTATE, `PG_DIAG_SQLSTATE`.
    static let sqlState = Int32(UInt8(ascii: "C"))
    /// libpq's field code of the severity in English, `PG_DIAG_SEVERITY_NONLOCALIZED`.
    static let severity = Int32(UInt8(ascii: "V"))

    private func take(_ notice: String) {
        logger.debug("PostgreSQL notice", metadata: ["notice": "\(connection.redacting(notice))"])
    }
}
