import GranaryCore

/// Why a statement has no result; the three cases differ in what is known about its effect.
enum StatementFailure: Error {
    /// It never left this process.
    case notSent(StorageError)
    /// The server answered with an error and rolled it back.
    case refused(ServerError)
    /// It was sent, and no answer came: it may have been committed, or may still run.
    case lost(StorageError)
}

extension StatementFailure {
    /// The failure as the storage error of a statement that is not sent again.
    ///
    /// - Parameter reads: Whether the statement only reads, so that a lost answer leaves nothing in doubt.
    /// - Returns: The error for the caller.
    func storageError(reads: Bool) -> StorageError {
        switch self {
        case .notSent(let error): return error
        case .refused(let error): return error.storageError
        case .lost(let error): return StorageError(reads ? .unavailable : .outcomeUnknown, error.message)
        }
    }
}

extension ServerError {
    /// The error for a caller whose statement met this one.
    var storageError: StorageError {
        switch state.meaning {
        case .contention, .exhausted, .serverLeaving, .connectionInDoubt:
            return StorageError(.unavailable, "The database could not do this now. \(self).")
        case .schemaMissing:
            return StorageError(
                .schema, "The schema does not fit this program: run `granary migrate`. \(self).")
        case .misconfigured:
            return StorageError(
                .configuration, "The database role or its settings do not allow this. \(self).")
        case .dataRefused:
            return StorageError(.rejected, "The database refuses this data. \(self).")
        }
    }
}
