public import GranaryCore

/// Stands around every call that a silo runs: for checks, retries, measurements.
///
/// Filters run in the order in which the silo lists them, the first one outermost. A silo with filters sends every local
/// call the longer way, so they cost each call about a microsecond.
public protocol GrainCallFilter: Sendable {
    /// Handles one call.
    ///
    /// - Parameters:
    ///   - call: What is called.
    ///   - next: Runs the call, or the next filter; may be called again, and need not be called at all if an error is
    ///     thrown instead.
    /// - Throws: What the caller shall get instead of a result.
    func intercept(
        _ call: GrainCall, next: nonisolated(nonsending) () async throws -> Void
    ) async throws
}

/// What a filter knows of a call.
public struct GrainCall: Sendable, Hashable {
    /// The grain.
    public var grain: GrainID
    /// The method's name.
    public var method: String
    /// Whether the method is marked `@ReadOnly`.
    public var isReadOnly: Bool
}
