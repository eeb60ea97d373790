/// What became of a ``StateSave``.
///
/// An enumeration, and one that stays as it is: the silo acts on each outcome, so another one would be another contract
/// between silo and store. What a store could not do it throws, as a ``StorageError`` whose codes may grow.
public enum StateSaveOutcome: Hashable, Sendable {
    /// All of it is committed.
    case saved
    /// None of it is: these states have other etags than the save expected.
    case conflict([StateConflict])
    /// None of it is: the silo that writes was declared dead.
    case fenced
}

/// A state whose stored etag is not the expected one.
public struct StateConflict: Hashable, Sendable {
    /// The name of the state.
    public var name: String
    /// The etag that the writer had read; `nil` for "no row".
    public var expected: ETag?
    /// The etag that is stored; `nil` for "no row".
    public var stored: ETag?

    /// Makes a conflict.
    ///
    /// - Parameters:
    ///   - name: The name of the state.
    ///   - expected: The etag that the writer had read.
    ///   - stored: The etag that is stored.
    public init(name: String, expected: ETag?, stored: ETag?) {
        self.name = name
        self.expected = expected
        self.stored = stored
    }
}
