/// One value; it can be read more than once.
struct JSONSingleValueDecodingContainer: SingleValueDecodingContainer {
    let decoder: JSONValueDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.isNull }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.single(type) }

    func decode(_ type: Bool.Type) throws -> Bool { try decoder.directSingle(type) }
    func decode(_ type: String.Type) throws -> String { try decoder.directSingle(type) }
    func decode(_ type: Double.Type) throws -> Double { try decoder.directSingle(type) }
    func decode(_ type: Float.Type) throws -> Float { try decoder.directSingle(type) }
    func decode(_ type: Int.Type) throws -> Int { try decoder.directSingle(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try decoder.directSingle(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try decoder.directSingle(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try decoder.directSingle(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try decoder.directSingle(type) }
    func decode(_ type: Int128.Type) throws -> Int128 { try decoder.directSingle(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try decoder.directSingle(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.directSingle(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.directSingle(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.directSingle(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.directSingle(type) }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try decoder.directSingle(type) }
}
