/// One state in a hand-over.
package struct HandedState: Hashable, Sendable, Codable {
    /// The state's name.
    package var name: String
    /// The etag it has in the database; `nil` for a state that has no row.
    package var etag: String?
    /// The encoded state, opaque here.
    package var payload: [UInt8]

    /// Makes a state.
    ///
    /// - Parameters:
    ///   - name: The state's name.
    ///   - etag: The etag it has in the database.
    ///   - payload: The encoded state.
    package init(name: String, etag: String?, payload: [UInt8]) {
        self.name = name
        self.etag = etag
        self.payload = payload
    }
}
