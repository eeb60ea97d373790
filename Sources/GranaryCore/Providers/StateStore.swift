/// Where states live: one row per grain type, key and state name.
///
/// The contract, which the conformance kit in `GranaryTesting` checks:
/// - A save is applied if every write of it finds the etag it expects, and then all of it at once; otherwise none of it.
/// - The expected etag `nil` means "there is no such row".
/// - A save whose rows all carry its next etags already is `.saved`: sending the same save again is harmless.
/// - Clearing is writing `nil` data; the row keeps its new etag, so a stale "there is no such row" is a conflict.
/// - An error thrown by ``save(_:)`` means that nothing was written, unless its code is `.outcomeUnknown`. A provider that
///   loses the answer sends the same save again until it knows, and says `.outcomeUnknown` only when it must give up.
/// - A load that fails throws; it never answers "no row".
public protocol StateStore: Sendable {
    /// Loads the named states of one grain.
    ///
    /// - Parameter request: Which grain and which states.
    /// - Returns: One record per name, in the order of the names; a record without an etag where there is no row.
    /// - Throws: ``StorageError``.
    func load(_ request: StateLoad) async throws -> [StateRecord]

    /// Saves one or more states of one grain, all or none.
    ///
    /// - Parameter request: Which grain, which silo writes, and the new values.
    /// - Returns: What became of it.
    /// - Throws: ``StorageError``.
    func save(_ request: StateSave) async throws -> StateSaveOutcome
}
