internal import FoundationEssentials

/// A state as an older version of the application stored it: what a migration closure starts from.
public struct StoredState: Sendable {
    /// The version that the state was stored with.
    public let version: Int32
    /// The stored JSON.
    public let json: [UInt8]

    /// The silo, so that decoded references find it.
    private let directory: (any GrainRuntime)?

    init(version: Int32, json: [UInt8], directory: (any GrainRuntime)?) {
        self.version = version
        self.json = json
        self.directory = directory
    }

    /// Decodes the state as the type it had then.
    ///
    /// - Parameter type: The old type.
    /// - Returns: The old value.
    /// - Throws: `DecodingError` when the JSON does not fit.
    public func decode<Old: Decodable>(_ type: Old.Type) throws -> Old {
        try StateJSON.decode(type, from: json, directory: directory)
    }
}
