/// An array while it is being written.
struct JSONUnkeyedEncodingContainer: UnkeyedEncodingContainer {
    let encoder: JSONValueEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    var count: Int { encoder.count }

    func encodeNil() throws { try encoder.appendDirect(Bool?.none) }

    func encode<Value: Encodable>(_ value: Value) throws { try encoder.append(value) }

    func encode(_ value: Bool) throws { try encoder.appendDirect(value) }
    func encode(_ value: String) throws { try encoder.appendDirect(value) }
    func encode(_ value: Double) throws { try encoder.appendDirect(value) }
    func encode(_ value: Float) throws { try encoder.appendDirect(value) }
    func encode(_ value: Int) throws { try encoder.appendDirect(value) }
    func encode(_ value: Int8) throws { try encoder.appendDirect(value) }
    func encode(_ value: Int16) throws { try encoder.appendDirect(value) }
    func encode(_ value: Int32) throws { try encoder.appendDirect(value) }
    func encode(_ value: Int64) throws { try encoder.appendDirect(value) }
    func encode(_ value: Int128) throws { try encoder.appendDirect(value) }
    func encode(_ value: UInt) throws { try encoder.appendDirect(value) }
    func encode(_ value: UInt8) throws { try encoder.appendDirect(value) }
    func encode(_ value: UInt16) throws { try encoder.appendDirect(value) }
    func encode(_ value: UInt32) throws { try encoder.appendDirect(value) }
    func encode(_ value: UInt64) throws { try encoder.appendDirect(value) }
    func encode(_ value: UInt128) throws { try encoder.appendDirect(value) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        nest().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nest().unkeyedContainer() }

    func superEncoder() -> any Encoder { nest() }

    /// Counts an element and makes the encoder for it; an error waits in the log.
    private func nest() -> JSONValueEncoder {
        do { try encoder.beginElement() } catch { encoder.session.log.record(error) }
        return encoder.nest(CBORIndexKey.index(encoder.count - 1))
    }
}
