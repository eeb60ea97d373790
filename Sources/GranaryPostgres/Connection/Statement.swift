/// One statement with its parameters: sent unnamed, in autocommit, with a Sync of its own.
///
/// Nothing is prepared and nothing is left on the session, so that a pooler may give each statement another session.
struct Statement: Sendable {
    /// The text with `$1`, `$2`, … for the parameters.
    var sql: String
    /// The parameters.
    var parameters: ParameterBuffer
    /// How long the answer may take once it is sent; after that it is cancelled and its connection dropped.
    var timeout: Duration
    /// How long it may wait for a connection; zero fails with the first attempt to connect that fails.
    var patience: Duration
    /// Whether it goes before statements that are not urgent.
    var isUrgent = false
}
