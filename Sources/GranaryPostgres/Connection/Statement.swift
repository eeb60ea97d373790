/// One statement with its parameters, sent in autocommit, with a Sync of its own.
///
/// One without a name leaves nothing on the session, so that a pooler may give each statement another session.
struct Statement: Sendable {
    /// The name under which the session prepares it, if it is certain that the session stays the same: one for each text.
    var name: String?
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
