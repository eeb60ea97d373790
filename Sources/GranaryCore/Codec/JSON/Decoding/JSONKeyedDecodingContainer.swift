/// An object while it is being read.
struct JSONKeyedDecodingContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: JSONValueDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }

    /// The keys that are keys of this type.
    var allKeys: [Key] { decoder.allKeys(Key.self) }

    func contains(_ key: Key) -> Bool { decoder.contains(key) }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder.isNull(key) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoder.value(type, for: key)
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try decoder.valueIfPresent(type, for: key)
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try decoder.direct(type, for: key) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try decoder.direct(type, for: key) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try decoder.direct(type, for: key) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try decoder.direct(type, for: key) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try decoder.direct(type, for: key) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try decoder.direct(type, for: key) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try decoder.direct(type, for: key) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try decoder.direct(type, for: key) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try decoder.direct(type, for: key) }
    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try decoder.direct(type, for: key) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try decoder.direct(type, for: key) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try decoder.direct(type, for: key) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try decoder.direct(type, for: key) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try decoder.direct(type, for: key) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try decoder.direct(type, for: key) }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try decoder.direct(type, for: key) }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: Int128.Type, forKey key: Key) throws -> Int128? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? {
        try decoder.directIfPresent(type, for: key)
    }
    func decodeIfPresent(_ type: UInt128.Type, forKey key: Key) throws -> UInt128? {
        try decoder.directIfPresent(type, for: key)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try decoder.nested(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder.nested(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try decoder.nestedSuper(CBORIndexKey.super) }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder.nestedSuper(key) }
}
