/// An error that PostgreSQL answered with; its statement is rolled back.
///
/// Only the primary message is kept: details and contexts can quote stored data.
struct ServerError: Error, Hashable, Sendable {
    /// The kind of error.
    var state: SQLState
    /// The primary message.
    var message: String
}

extension ServerError: CustomStringConvertible {
    var description: String { "PostgreSQL says: \(message) (SQLSTATE \(state))" }
}
