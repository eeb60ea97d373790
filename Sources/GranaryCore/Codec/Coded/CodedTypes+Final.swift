import struct FoundationEssentials.Data
import struct FoundationEssentials.Date
import struct FoundationEssentials.Decimal
import struct FoundationEssentials.URL
import struct FoundationEssentials.UUID

extension CodedTypes {
    /// The types of which nothing is left to `Codable`.
    ///
    /// What is wrong with one of their values is said as for a whole: without the position in an array, or the key in a
    /// dictionary.
    static let final: Set<ObjectIdentifier> = Set(
        [
            scalar(Int.self), scalar(Double.self), scalar(UUID.self), scalar(Bool.self), scalar(Date.self),
            scalar(UInt8.self), scalar(Int64.self), scalar(UInt64.self), scalar(Int32.self), scalar(UInt32.self),
            scalar(UInt.self), scalar(Float.self), scalar(Int16.self), scalar(UInt16.self), scalar(Int8.self),
            scalar(Int128.self), scalar(UInt128.self), scalar(String.self), scalar(Data.self),
            array(String.self), array(UInt8.self), array(Int.self), array(Double.self), array(UUID.self),
            array(Data.self), array(Bool.self), array(Date.self), array(Float.self), array(Int64.self),
            array(UInt64.self), array(Int32.self), array(UInt32.self), array(UInt.self), array(Int16.self),
            array(UInt16.self), array(Int8.self),
            dictionary(String.self), dictionary(Int.self), dictionary(Double.self), dictionary(Bool.self),
        ].joined())

    /// The types that look different in JSON than their `Codable` says.
    static let finalInJSON: Set<ObjectIdentifier> = Set(
        [scalar(URL.self), scalar(Decimal.self)].joined())

    private static func scalar<Value>(_: Value.Type) -> [ObjectIdentifier] {
        [ObjectIdentifier(Value.self), ObjectIdentifier(Value?.self)]
    }

    private static func array<Value>(_: Value.Type) -> [ObjectIdentifier] { [ObjectIdentifier([Value].self)] }

    private static func dictionary<Value>(_: Value.Type) -> [ObjectIdentifier] {
        [ObjectIdentifier([String: Value].self)]
    }
}
