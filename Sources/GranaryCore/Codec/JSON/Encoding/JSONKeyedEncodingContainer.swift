/// An object while it is being written.
struct JSONKeyedEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: JSONValueEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil(forKey key: Key) throws { try encoder.addDirect(Bool?.none, for: key) }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try encoder.add(value, for: key) }

    func encode(_ value: Bool, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: String, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: Double, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: Float, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: Int, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: Int8, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: Int16, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: Int32, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: Int64, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: Int128, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: UInt, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: UInt8, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: UInt16, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: UInt32, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: UInt64, forKey key: Key) throws { try encoder.addDirect(value, for: key) }
    func encode(_ value: UInt128, forKey key: Key) throws { try encoder.addDirect(value, for: key) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        encoder.nestedContainer(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        encoder.nestedContainer(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { encoder.beginNested(CBORIndexKey.super) }

    func superEncoder(forKey key: Key) -> any Encoder { encoder.beginNested(key) }
}
