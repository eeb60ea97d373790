internal import NIOCore

/// Reads the fields of one frame, or of one reassembled message, and believes none of its lengths.
struct FrameReader {
    /// What is left.
    var buffer: ByteBuffer

    init(_ buffer: ByteBuffer) { self.buffer = buffer }

    @inline(__always)
    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws(WireFault) -> Value {
        guard let value = buffer.readInteger(as: type) else { throw .truncated }
        return value
    }

    @inline(__always)
    mutating func varint() throws(WireFault) -> UInt64 {
        let first = try integer(UInt8.self)
        return first < 0x80 ? UInt64(first) : try longVarint(first)
    }

    private mutating func longVarint(_ first: UInt8) throws(WireFault) -> UInt64 {
        var value = UInt64(first & 0x7f)
        var shift: UInt64 = 7
        while true {
            let byte = try integer(UInt8.self)
            // The tenth byte has room for one bit.
            guard shift < 63 || byte <= 1 else { throw WireFault("a number has more than 64 bits") }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    mutating func signedVarint() throws(WireFault) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A number that has to fit 32 bits, such as a silo's.
    mutating func silo() throws(WireFault) -> Int32 {
        guard let silo = Int32(exactly: try signedVarint()) else { throw WireFault("a silo's number has over 32 bits") }
        return silo
    }

    mutating func length() throws(WireFault) -> Int {
        let length = try varint()
        guard length <= UInt64(buffer.readableBytes) else { throw .truncated }
        return Int(length)
    }

    mutating func text() throws(WireFault) -> String {
        let length = try length()
        if length == 0 { return "" }
        if let text = asciiText(length) { return text }
        do {
            guard let text = try buffer.readUTF8ValidatedString(length: length) else { throw WireFault.truncated }
            return text
        } catch {
            throw WireFault("a text is not UTF-8")
        }
    }

    /// Text that is ASCII, as names and most keys are: UTF-8 as it stands.
    private mutating func asciiText(_ length: Int) -> String? {
        let text: String? = buffer.withUnsafeReadableBytes { bytes in
            let bytes = UnsafeRawBufferPointer(rebasing: bytes[..<length])
            var bits: UInt8 = 0
            for byte in bytes { bits |= byte }
            return bits < 0x80 ? String(decoding: bytes, as: UTF8.self) : nil
        }
        if text != nil { buffer.moveReaderIndex(forwardBy: length) }
        return text
    }

    mutating func block() throws(WireFault) -> ByteBuffer {
        let length = try length()
        // A slice would keep the whole buffer of the connection.
        if length == 0 { return ByteBuffer() }
        guard let bytes = buffer.readSlice(length: length) else { throw .truncated }
        return bytes
    }
}
