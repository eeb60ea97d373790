/// One state's new value within a ``StateSave``.
public struct StateWrite: Hashable, Sendable {
    /// The name of the state.
    public var name: String
    /// The etag that the row must have; `nil` when there must be no row.
    public var expected: ETag?
    /// The etag that the row gets: 128 fresh random bits.
    public var next: ETag
    /// The version of the state's type.
    public var version: Int32
    /// The encoded value (JSON); `nil` clears the state.
    public var data: [UInt8]?

    /// Makes a write.
    ///
    /// - Parameters:
    ///   - name: The name of the state.
    ///   - expected: The etag that the row must have.
    ///   - next: The etag that the row gets.
    ///   - version: The version of the state's type.
    ///   - data: The encoded value; `nil` clears the state.
    public init(name: String, expected: ETag?, next: ETag, version: Int32, data: [UInt8]?) {
        self.name = name
        self.expected = expected
        self.next = next
        self.version = version
        self.data = data
    }
}
