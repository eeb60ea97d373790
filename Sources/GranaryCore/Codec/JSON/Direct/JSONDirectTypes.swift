import struct FoundationEssentials.Decimal
import struct FoundationEssentials.URL

/// The types that pass `Codable` by when JSON is written and read: those of ``CBORDirectTypes``, and two that look
/// different in JSON than their `Codable` says.
///
/// Every cast below is between two names of one type, which a comparison of metadata has proved.
enum JSONDirectTypes {
    /// Writes the value, if it is of one of the types.
    ///
    /// - Returns: False when `Codable` has to do it.
    @inline(__always)
    static func write<Value>(_ value: Value, to writer: inout CBORWriter) throws(JSONFault) -> Bool {
        guard let direct = find(Value.self) else { return false }
        try write(value, as: direct, to: &writer)
        return true
    }

    private static func write<Value, Direct: JSONDirect>(
        _ value: Value, as _: Direct.Type, to writer: inout CBORWriter
    ) throws(JSONFault) {
        try unsafeBitCast(value, to: Direct.self).writeJSON(to: &writer)
    }

    /// Reads a value as the type that ``find(_:)`` gave for it.
    @inline(__always)
    static func read<Value>(
        _: Value.Type, as direct: any JSONDirect.Type, _ index: Int, of source: JSONSource
    ) throws(JSONFault) -> Value {
        try readOpened(Value.self, as: direct, index, of: source)
    }

    private static func readOpened<Value, Direct: JSONDirect>(
        _: Value.Type, as _: Direct.Type, _ index: Int, of source: JSONSource
    ) throws(JSONFault) -> Value {
        unsafeBitCast(try Direct.read(index, of: source), to: Value.self)
    }

    /// The type itself, if it is one of those that pass `Codable` by.
    @inline(__always)
    static func find<Value>(_: Value.Type) -> (any JSONDirect.Type)? {
        if let direct = CBORDirectTypes.find(Value.self) { return direct }
        if Value.self == URL.self { return URL.self }
        if Value.self == URL?.self { return URL?.self }
        if Value.self == Decimal.self { return Decimal.self }
        if Value.self == Decimal?.self { return Decimal?.self }
        return nil
    }
}
