internal import Synchronization

/// States as JSON, so that plain SQL can read them; benchmarks see it.
@_spi(Measuring)
public enum StateJSON {
    private static let encoder = JSONStateEncoder()

    private struct Prepared {
        var silo: GrainRuntimeBox?
        var decoder = JSONStateDecoder()
    }

    /// The decoder of the silo that decoded last: preparing one takes an allocation or two per small state.
    private static let prepared = Mutex(Prepared())

    /// Writes a value.
    ///
    /// - Parameter value: The value to write.
    /// - Returns: The text, in UTF-8.
    /// - Throws: `EncodingError`, or what the value's own `encode(to:)` throws.
    public static func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] { try encoder.encode(value) }

    /// Reads a value.
    ///
    /// - Parameters:
    ///   - type: The type to read.
    ///   - json: The text, one value and nothing else.
    ///   - directory: The silo, so that decoded references find it.
    /// - Returns: The value.
    /// - Throws: `DecodingError`, or what the type's own `init(from:)` throws.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from json: [UInt8], directory: (any GrainRuntime)? = nil
    ) throws -> Value {
        let decoder = prepared.withLock { prepared in
            // Not by its address alone: a new silo may have that of one that is gone.
            if prepared.silo?.runtime !== directory {
                let silo = directory.map { GrainRuntimeBox($0) }
                prepared = Prepared(
                    silo: silo, decoder: JSONStateDecoder(userInfo: silo.map { [.grainRuntime: $0] } ?? [:]))
            }
            return prepared.decoder
        }
        return try decoder.decode(type, from: json)
    }
}
