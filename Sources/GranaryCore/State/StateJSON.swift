internal import FoundationEssentials
internal import Synchronization

/// States as JSON, so that plain SQL can read them.
enum StateJSON {
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return encoder
    }()

    private struct Prepared {
        var silo: GrainRuntimeBox?
        var decoder = JSONDecoder()
    }

    /// The decoder of the silo that decoded last: preparing one costs more than decoding a small state.
    private static let prepared = Mutex(Prepared())

    static func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] {
        [UInt8](try encoder.encode(value))
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type, from json: [UInt8], directory: (any GrainRuntime)?
    ) throws -> Value {
        let decoder = prepared.withLock { prepared in
            // Not by its address alone: a new silo may have that of one that is gone.
            if prepared.silo?.runtime !== directory {
                let silo = directory.map { GrainRuntimeBox($0) }
                let decoder = JSONDecoder()
                decoder.userInfo[.grainRuntime] = silo
                prepared = Prepared(silo: silo, decoder: decoder)
            }
            return prepared.decoder
        }
        return try decoder.decode(type, from: Data(json))
    }
}
