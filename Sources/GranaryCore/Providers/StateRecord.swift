/// One stored state, as a provider gives it.
public struct StateRecord: Hashable, Sendable {
    /// The etag of the row; `nil` where there is no row.
    public var etag: ETag?
    /// The version of the state's type that wrote the row.
    public var version: Int32
    /// The encoded value (JSON); `nil` where there is no row or the state was cleared.
    public var data: [UInt8]?

    /// Makes a record.
    ///
    /// - Parameters:
    ///   - etag: The etag of the row.
    ///   - version: The version of the state's type that wrote the row.
    ///   - data: The encoded value.
    public init(etag: ETag?, version: Int32, data: [UInt8]?) {
        self.etag = etag
        self.version = version
        self.data = data
    }

    /// The record of a row that is not there.
    public static let absent = StateRecord(etag: nil, version: 0, data: nil)
}
