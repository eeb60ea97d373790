public import struct FoundationEssentials.Data
public import struct FoundationEssentials.Date
public import struct FoundationEssentials.UUID

extension Data: Coded {
    /// True: it contains no other items.
    @inlinable public static var _isLeaf: Bool { true }

    /// Appends a byte string.
    public func _write(to writer: inout CBORWriter) {
        writer.writeHead(CBORMajor.bytes, UInt64(count))
        withUnsafeBytes { bytes in writer.write(raw: bytes) }
    }

    /// Reads a byte string, or the array of numbers that `Codable` makes of it elsewhere.
    public static func _read(from reader: inout CBORReader) throws(CBORFault) -> Data {
        Data(try UInt8._readElements(from: &reader))
    }
}

extension Date: Coded {
    /// True: it contains no other items.
    @inlinable public static var _isLeaf: Bool { true }

    /// Appends what `Codable` says: seconds since the beginning of 2001, as a `Double`.
    public func _write(to writer: inout CBORWriter) { timeIntervalSinceReferenceDate._write(to: &writer) }

    /// Reads one item.
    public static func _read(from reader: inout CBORReader) throws(CBORFault) -> Date {
        Date(timeIntervalSinceReferenceDate: try reader.double())
    }
}

/// The sixteen bytes of a UUID as `UUID` has them.
typealias UUIDBytes = (
    UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8
)

extension UUID: Coded {
    /// True: it contains no other items.
    @inlinable public static var _isLeaf: Bool { true }

    /// Appends tag 37 and sixteen bytes.
    public func _write(to writer: inout CBORWriter) {
        writer.writeHead(CBORMajor.tag, CBORTag.uuid)
        writer.writeHead(CBORMajor.bytes, 16)
        withUnsafeBytes(of: uuid) { bytes in writer.write(raw: bytes) }
    }

    /// Reads sixteen bytes, tagged or not, or the text that `Codable` makes of it elsewhere.
    public static func _read(from reader: inout CBORReader) throws(CBORFault) -> UUID {
        let head = try reader.untaggedHead()
        if head.major == CBORMajor.bytes, head.argument == 16 {
            let bytes = try reader.take(16)
            return UUID(uuid: bytes.loadUnaligned(as: UUIDBytes.self))
        }
        if head.major == CBORMajor.text, !head.isIndefinite {
            let text = try CBORReader.validated(try reader.take(head.argument))
            if let value = UUID(uuidString: text) { return value }
            throw CBORFault(.invalidValue, "text that is no UUID")
        }
        throw CBORFault(.typeMismatch, "expected a UUID of sixteen bytes", found: head)
    }
}
