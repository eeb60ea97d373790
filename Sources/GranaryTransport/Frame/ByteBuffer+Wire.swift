internal import NIOCore

extension ByteBuffer {
    /// Writes a frame: its length, its type and what the closure writes.
    @inline(__always)
    mutating func writeFrame(_ type: UInt8, _ body: (inout ByteBuffer) -> Void) {
        let start = writerIndex
        writeInteger(UInt32(0))
        writeInteger(type)
        body(&self)
        setInteger(UInt32(truncatingIfNeeded: writerIndex - start - WireFormat.lengthBytes), at: start)
    }

    /// Writes an unsigned number in groups of seven bits, the lowest first (LEB128).
    @inline(__always)
    mutating func writeVarint(_ value: UInt64) {
        if value < 0x80 {
            writeInteger(UInt8(truncatingIfNeeded: value))
        } else if value < 0x4000 {
            writeInteger(UInt16(truncatingIfNeeded: (value & 0x7f | 0x80) << 8 | value >> 7))
        } else {
            writeLongVarint(value)
        }
    }

    @inline(never)
    private mutating func writeLongVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            writeInteger(UInt8(truncatingIfNeeded: rest & 0x7f | 0x80))
            rest >>= 7
        }
        writeInteger(UInt8(truncatingIfNeeded: rest))
    }

    /// Writes a signed number: 0, -1, 1, -2 … become 0, 1, 2, 3 … (zigzag).
    mutating func writeSignedVarint(_ value: Int64) {
        writeVarint(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    /// Writes text: its length in bytes of UTF-8, then the bytes.
    mutating func writeText(_ text: String) {
        writeVarint(UInt64(text.utf8.count))
        writeString(text)
    }

    /// Writes bytes: their count, then themselves.
    mutating func writeBlock(_ bytes: ByteBuffer) {
        writeVarint(UInt64(bytes.readableBytes))
        writeImmutableBuffer(bytes)
    }
}
