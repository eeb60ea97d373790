import GranaryCore

extension MigrationError {
    /// The error for a statement that failed.
    ///
    /// - Parameters:
    ///   - failure: How it failed.
    ///   - step: What it was part of, in words.
    init(_ failure: StatementFailure, during step: String) {
        switch failure {
        case .notSent(let error):
            self.init(.unavailable, error.message, cause: error)
        case .lost(let error):
            self.init(.unavailable, "\(error.message) It happened during \(step), which is rolled back.", cause: error)
        case .refused(let error):
            switch error.state {
            case .lockNotAvailable:
                self.init(
                    .busy, "Others kept locks that \(step) needs, so it was given up and rolled back: \(error).",
                    cause: error)
            case .insufficientPrivilege:
                self.init(
                    .denied,
                    "The database role lacks a right for \(step): \(error). Migrate with the role that owns the schema, "
                        + "or as an administrator.", cause: error)
            default:
                self.init(.failed, "The database refused \(step), which is rolled back: \(error).", cause: error)
            }
        }
    }
}
