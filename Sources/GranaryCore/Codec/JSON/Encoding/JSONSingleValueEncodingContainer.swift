/// The place for a value that is one value of JSON.
struct JSONSingleValueEncodingContainer: SingleValueEncodingContainer {
    let encoder: JSONValueEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil() throws { try encoder.setDirect(Bool?.none) }

    func encode<Value: Encodable>(_ value: Value) throws { try encoder.set(value) }

    func encode(_ value: Bool) throws { try encoder.setDirect(value) }
    func encode(_ value: String) throws { try encoder.setDirect(value) }
    func encode(_ value: Double) throws { try encoder.setDirect(value) }
    func encode(_ value: Float) throws { try encoder.setDirect(value) }
    func encode(_ value: Int) throws { try encoder.setDirect(value) }
    func encode(_ value: Int8) throws { try encoder.setDirect(value) }
    func encode(_ value: Int16) throws { try encoder.setDirect(value) }
    func encode(_ value: Int32) throws { try encoder.setDirect(value) }
    func encode(_ value: Int64) throws { try encoder.setDirect(value) }
    func encode(_ value: Int128) throws { try encoder.setDirect(value) }
    func encode(_ value: UInt) throws { try encoder.setDirect(value) }
    func encode(_ value: UInt8) throws { try encoder.setDirect(value) }
    func encode(_ value: UInt16) throws { try encoder.setDirect(value) }
    func encode(_ value: UInt32) throws { try encoder.setDirect(value) }
    func encode(_ value: UInt64) throws { try encoder.setDirect(value) }
    func encode(_ value: UInt128) throws { try encoder.setDirect(value) }
}
