internal import FoundationEssentials

/// States as JSON, so that plain SQL can read them.
enum StateJSON {
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return encoder
    }()

    static func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] {
        [UInt8](try encoder.encode(value))
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type, from json: [UInt8], directory: (any GrainRuntime)?
    ) throws -> Value {
        let decoder = JSONDecoder()
        if let directory { decoder.userInfo[.grainRuntime] = GrainRuntimeBox(directory) }
        return try decoder.decode(type, from: Data(json))
    }
}
