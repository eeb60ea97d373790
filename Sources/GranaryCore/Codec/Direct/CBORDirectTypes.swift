import struct FoundationEssentials.Data
import struct FoundationEssentials.Date
import struct FoundationEssentials.UUID

/// The types that pass `Codable` by, found by comparing metadata: a dynamic cast to a protocol costs ten times more.
///
/// Every cast below is between two names of one type, which the comparison before it has proved.
enum CBORDirectTypes {
    /// Writes the value, if it is of one of the types.
    ///
    /// - Returns: False when `Codable` has to do it.
    static func write<Value>(_ value: Value, to writer: inout CBORWriter) -> Bool {
        if _isPOD(Value.self) {
            return write(value, as: Int.self, to: &writer) || write(value, as: Double.self, to: &writer)
                || write(value, as: UUID.self, to: &writer) || write(value, as: Bool.self, to: &writer)
                || write(value, as: Date.self, to: &writer) || write(value, as: UInt8.self, to: &writer)
                || write(value, as: Int64.self, to: &writer) || write(value, as: UInt64.self, to: &writer)
                || write(value, as: Int32.self, to: &writer) || write(value, as: UInt32.self, to: &writer)
                || write(value, as: UInt.self, to: &writer) || write(value, as: Float.self, to: &writer)
                || write(value, as: Int16.self, to: &writer) || write(value, as: UInt16.self, to: &writer)
                || write(value, as: Int8.self, to: &writer) || write(value, as: Int128.self, to: &writer)
                || write(value, as: UInt128.self, to: &writer)
        }
        return write(value, as: String.self, to: &writer) || writeArray(value, of: String.self, to: &writer)
            || write(value, as: Data.self, to: &writer) || writeArray(value, of: Data.self, to: &writer)
            || writeArray(value, of: UInt8.self, to: &writer) || writeArray(value, of: Int.self, to: &writer)
            || writeArray(value, of: Double.self, to: &writer) || writeArray(value, of: UUID.self, to: &writer)
            || writeArray(value, of: Bool.self, to: &writer) || writeArray(value, of: Date.self, to: &writer)
            || writeArray(value, of: Int64.self, to: &writer) || writeArray(value, of: UInt64.self, to: &writer)
            || writeArray(value, of: Int32.self, to: &writer) || writeArray(value, of: UInt32.self, to: &writer)
            || writeArray(value, of: Float.self, to: &writer) || writeArray(value, of: UInt.self, to: &writer)
            || writeArray(value, of: Int16.self, to: &writer) || writeArray(value, of: UInt16.self, to: &writer)
            || writeArray(value, of: Int8.self, to: &writer)
    }

    @inline(__always)
    private static func write<Value, Direct: CBORDirect>(
        _ value: Value, as _: Direct.Type, to writer: inout CBORWriter
    ) -> Bool {
        if Value.self == Direct.self {
            unsafeBitCast(value, to: Direct.self).write(to: &writer)
            return true
        }
        if Value.self == Direct?.self {
            unsafeBitCast(value, to: Direct?.self).write(to: &writer)
            return true
        }
        return false
    }

    @inline(__always)
    private static func writeArray<Value, Direct: CBORDirect>(
        _ value: Value, of _: Direct.Type, to writer: inout CBORWriter
    ) -> Bool {
        guard Value.self == [Direct].self else { return false }
        unsafeBitCast(value, to: [Direct].self).write(to: &writer)
        return true
    }

    /// Reads a value, if the type is one of them.
    ///
    /// - Returns: `nil` when `Codable` has to do it; nothing was read then.
    static func read<Value>(_: Value.Type, from reader: inout CBORReader) throws(CBORFault) -> Value? {
        if _isPOD(Value.self) { return try readPlain(Value.self, from: &reader) }
        if let value = try read(Value.self, as: String.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: String.self, from: &reader) { return value }
        if let value = try read(Value.self, as: Data.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: Data.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: UInt8.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: Int.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: Double.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: UUID.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: Bool.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: Date.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: Int64.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: UInt64.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: Int32.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: UInt32.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: Float.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: UInt.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: Int16.self, from: &reader) { return value }
        if let value = try readArray(Value.self, of: UInt16.self, from: &reader) { return value }
        return try readArray(Value.self, of: Int8.self, from: &reader)
    }

    private static func readPlain<Value>(
        _: Value.Type, from reader: inout CBORReader
    ) throws(CBORFault) -> Value? {
        if let value = try read(Value.self, as: Int.self, from: &reader) { return value }
        if let value = try read(Value.self, as: Double.self, from: &reader) { return value }
        if let value = try read(Value.self, as: UUID.self, from: &reader) { return value }
        if let value = try read(Value.self, as: Bool.self, from: &reader) { return value }
        if let value = try read(Value.self, as: Date.self, from: &reader) { return value }
        if let value = try read(Value.self, as: UInt8.self, from: &reader) { return value }
        if let value = try read(Value.self, as: Int64.self, from: &reader) { return value }
        if let value = try read(Value.self, as: UInt64.self, from: &reader) { return value }
        if let value = try read(Value.self, as: Int32.self, from: &reader) { return value }
        if let value = try read(Value.self, as: UInt32.self, from: &reader) { return value }
        if let value = try read(Value.self, as: UInt.self, from: &reader) { return value }
        if let value = try read(Value.self, as: Float.self, from: &reader) { return value }
        if let value = try read(Value.self, as: Int16.self, from: &reader) { return value }
        if let value = try read(Value.self, as: UInt16.self, from: &reader) { return value }
        if let value = try read(Value.self, as: Int8.self, from: &reader) { return value }
        if let value = try read(Value.self, as: Int128.self, from: &reader) { return value }
        return try read(Value.self, as: UInt128.self, from: &reader)
    }

    @inline(__always)
    private static func read<Value, Direct: CBORDirect>(
        _: Value.Type, as _: Direct.Type, from reader: inout CBORReader
    ) throws(CBORFault) -> Value? {
        if Value.self == Direct.self { return unsafeBitCast(try Direct.read(from: &reader), to: Value.self) }
        if Value.self == Direct?.self { return unsafeBitCast(try Direct?.read(from: &reader), to: Value.self) }
        return nil
    }

    @inline(__always)
    private static func readArray<Value, Direct: CBORDirect>(
        _: Value.Type, of _: Direct.Type, from reader: inout CBORReader
    ) throws(CBORFault) -> Value? {
        guard Value.self == [Direct].self else { return nil }
        return unsafeBitCast(try [Direct].read(from: &reader), to: Value.self)
    }
}
