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
    @inline(__always)
    static func write<Value>(_ value: Value, to writer: inout CBORWriter) -> Bool {
        guard let direct = find(Value.self) else { return false }
        write(value, as: direct, to: &writer)
        return true
    }

    private static func write<Value, Direct: CBORDirect>(
        _ value: Value, as _: Direct.Type, to writer: inout CBORWriter
    ) {
        unsafeBitCast(value, to: Direct.self).write(to: &writer)
    }

    /// Reads a value as the type that ``find(_:)`` gave for it.
    @inline(__always)
    static func read<Value>(
        _: Value.Type, as direct: any CBORDirect.Type, from reader: inout CBORReader
    ) throws(CBORFault) -> Value {
        try readOpened(Value.self, as: direct, from: &reader)
    }

    private static func readOpened<Value, Direct: CBORDirect>(
        _: Value.Type, as _: Direct.Type, from reader: inout CBORReader
    ) throws(CBORFault) -> Value {
        unsafeBitCast(try Direct.read(from: &reader), to: Value.self)
    }

    /// The type itself, if it is one of those that pass `Codable` by.
    static func find<Value>(_: Value.Type) -> (any CBORDirect.Type)? {
        _isPOD(Value.self) ? findPlain(Value.self) : findManaged(Value.self)
    }

    /// Among the types without references, the commonest first.
    private static func findPlain<Value>(_: Value.Type) -> (any CBORDirect.Type)? {
        if Value.self == Int.self { return Int.self }
        if Value.self == Int?.self { return Int?.self }
        if Value.self == Double.self { return Double.self }
        if Value.self == Double?.self { return Double?.self }
        if Value.self == UUID.self { return UUID.self }
        if Value.self == UUID?.self { return UUID?.self }
        if Value.self == Bool.self { return Bool.self }
        if Value.self == Bool?.self { return Bool?.self }
        if Value.self == Date.self { return Date.self }
        if Value.self == Date?.self { return Date?.self }
        if Value.self == UInt8.self { return UInt8.self }
        if Value.self == UInt8?.self { return UInt8?.self }
        if Value.self == Int64.self { return Int64.self }
        if Value.self == Int64?.self { return Int64?.self }
        if Value.self == UInt64.self { return UInt64.self }
        if Value.self == UInt64?.self { return UInt64?.self }
        if Value.self == Int32.self { return Int32.self }
        if Value.self == Int32?.self { return Int32?.self }
        if Value.self == UInt32.self { return UInt32.self }
        if Value.self == UInt32?.self { return UInt32?.self }
        if Value.self == UInt.self { return UInt.self }
        if Value.self == UInt?.self { return UInt?.self }
        if Value.self == Float.self { return Float.self }
        if Value.self == Float?.self { return Float?.self }
        if Value.self == Int16.self { return Int16.self }
        if Value.self == Int16?.self { return Int16?.self }
        if Value.self == UInt16.self { return UInt16.self }
        if Value.self == UInt16?.self { return UInt16?.self }
        if Value.self == Int8.self { return Int8.self }
        if Value.self == Int8?.self { return Int8?.self }
        if Value.self == Int128.self { return Int128.self }
        if Value.self == Int128?.self { return Int128?.self }
        if Value.self == UInt128.self { return UInt128.self }
        if Value.self == UInt128?.self { return UInt128?.self }
        return nil
    }

    /// Among the types with references, the commonest first.
    private static func findManaged<Value>(_: Value.Type) -> (any CBORDirect.Type)? {
        if Value.self == String.self { return String.self }
        if Value.self == String?.self { return String?.self }
        if Value.self == Data.self { return Data.self }
        if Value.self == Data?.self { return Data?.self }
        if Value.self == [String].self { return [String].self }
        if Value.self == [UInt8].self { return [UInt8].self }
        if Value.self == [Int].self { return [Int].self }
        if Value.self == [Double].self { return [Double].self }
        if Value.self == [UUID].self { return [UUID].self }
        if Value.self == [Data].self { return [Data].self }
        if Value.self == [Bool].self { return [Bool].self }
        if Value.self == [Date].self { return [Date].self }
        if Value.self == [Float].self { return [Float].self }
        if Value.self == [Int64].self { return [Int64].self }
        if Value.self == [UInt64].self { return [UInt64].self }
        if Value.self == [Int32].self { return [Int32].self }
        if Value.self == [UInt32].self { return [UInt32].self }
        if Value.self == [UInt].self { return [UInt].self }
        if Value.self == [Int16].self { return [Int16].self }
        if Value.self == [UInt16].self { return [UInt16].self }
        if Value.self == [Int8].self { return [Int8].self }
        if Value.self == [String: String].self { return [String: String].self }
        if Value.self == [String: Int].self { return [String: Int].self }
        if Value.self == [String: Double].self { return [String: Double].self }
        if Value.self == [String: Bool].self { return [String: Bool].self }
        return nil
    }
}
