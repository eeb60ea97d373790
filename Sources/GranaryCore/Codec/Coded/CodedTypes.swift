/// The types that write and read themselves, found by their metadata: a dynamic cast to a protocol costs ten times more.
///
/// Every cast below is between two names of one type, which the lookup has proved.
enum CodedTypes {
    private static let table = CodedTypeTable()

    /// What is known of a type.
    @inline(__always)
    static func find<Value>(_: Value.Type) -> CodedType {
        let key = unsafeBitCast(Value.self as Any.Type, to: UInt.self)
        return table.find(key) ?? add(Value.self, key)
    }

    @inline(never)
    private static func add<Value>(_: Value.Type, _ key: UInt) -> CodedType {
        let id = ObjectIdentifier(Value.self)
        let coded = Value.self as? any Coded.Type
        let isFinalInJSON = finalInJSON.contains(id)
        let type = CodedType(
            coded: coded, json: coded ?? (isFinalInJSON ? Value.self as? any _JSONCoded.Type : nil),
            isFinal: isFinalInJSON || final.contains(id))
        table.insert(type, for: key)
        return type
    }

    /// Appends a value of the type that ``find(_:)`` gave for it.
    static func write<Value, Direct: Coded>(
        _ value: Value, as _: Direct.Type, to writer: inout CBORWriter
    ) throws(CBORFault) {
        try unsafeBitCast(value, to: Direct.self)._write(to: &writer)
    }

    /// Reads a value of the type that ``find(_:)`` gave for it.
    static func read<Value, Direct: Coded>(
        _: Value.Type, as _: Direct.Type, from reader: inout CBORReader
    ) throws(CBORFault) -> Value {
        unsafeBitCast(try Direct._read(from: &reader), to: Value.self)
    }

    /// Appends a value of the type that ``find(_:)`` gave for it.
    static func writeJSON<Value, Direct: _JSONCoded>(
        _ value: Value, as _: Direct.Type, to writer: inout CBORWriter
    ) throws(JSONFault) {
        try unsafeBitCast(value, to: Direct.self)._writeJSON(to: &writer)
    }

    /// Reads a value of the type that ``find(_:)`` gave for it.
    static func readJSON<Value, Direct: _JSONCoded>(
        _: Value.Type, as _: Direct.Type, _ index: Int, of source: JSONSource
    ) throws(JSONFault) -> Value {
        unsafeBitCast(try Direct._readJSON(index, of: source), to: Value.self)
    }
}
