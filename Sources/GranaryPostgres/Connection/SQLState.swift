/// The five characters by which PostgreSQL names a kind of error (appendix A of its manual).
struct SQLState: RawRepresentable, Hashable, Sendable {
    /// The five characters, for example `23505`.
    let rawValue: String

    init(rawValue: String) { self.rawValue = rawValue }

    private init(_ text: String) { rawValue = text }

    /// The kind's class: its first two characters.
    var classCode: String { String(rawValue.prefix(2)) }

    static let uniqueViolation = SQLState("23505")
    static let readOnlyTransaction = SQLState("25006")
    static let serializationFailure = SQLState("40001")
    static let cachedPlanChanged = SQLState("0A000")
    static let duplicatePreparedStatement = SQLState("42P05")
    static let invalidStatementName = SQLState("26000")
    static let deadlockDetected = SQLState("40P01")
    static let insufficientPrivilege = SQLState("42501")
    static let lockNotAvailable = SQLState("55P03")
    static let queryCanceled = SQLState("57014")
    static let raisedException = SQLState("P0001")
}

extension SQLState: CustomStringConvertible {
    var description: String { rawValue }
}

extension SQLState {
    /// What an error of this kind means for the statement that met it.
    enum Meaning: Hashable, Sendable {
        /// Another transaction was in the way: the same statement can succeed at once.
        case contention
        /// The server was out of time, space, memory or connections: the same statement can succeed later.
        case exhausted
        /// The server no longer takes writes here, or goes down: another connection is needed.
        case serverLeaving
        /// The connection's protocol is in doubt, as when a pooler loses its server: the outcome is not known.
        case connectionInDoubt
        /// A table or function is not there.
        case schemaMissing
        /// A right or a server setting is missing.
        case misconfigured
        /// The data is refused, now and always.
        case dataRefused
    }

    /// Whether it may say that a prepared statement is another one than this process believes, or none.
    var doubtsPreparedStatements: Bool {
        self == .invalidStatementName || self == .duplicatePreparedStatement || self == .cachedPlanChanged
    }

    /// What this kind of error means; kinds that are not known count as refused data.
    var meaning: Meaning {
        switch self {
        case .lockNotAvailable, .deadlockDetected, .serializationFailure: return .contention
        case .queryCanceled: return .exhausted
        case .readOnlyTransaction: return .serverLeaving
        case .insufficientPrivilege, .raisedException: return .misconfigured
        default: break
        }
        switch classCode {
        case "08": return .connectionInDoubt
        case "40": return .contention
        case "53", "55", "58", "XX": return .exhausted
        case "57": return .serverLeaving
        case "3D", "3F", "42": return .schemaMissing
        case "28", "0L", "0P": return .misconfigured
        default: return .dataRefused
        }
    }
}
