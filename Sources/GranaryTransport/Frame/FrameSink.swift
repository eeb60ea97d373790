internal import NIOCore

/// Where frames are written: a buffer that grows, or memory that is known to be large enough.
protocol FrameSink {
    /// Appends a number, the highest byte first.
    mutating func writeNumber<Number: FixedWidthInteger>(_ number: Number)

    /// Appends the bytes of a text's UTF-8.
    mutating func writeBytes(ofText text: String)

    /// Appends the readable bytes of a buffer.
    mutating func writeBytes(of buffer: ByteBuffer)
}

extension ByteBuffer: FrameSink {
    @inline(__always)
    mutating func writeNumber<Number: FixedWidthInteger>(_ number: Number) { writeInteger(number) }

    @inline(__always)
    mutating func writeBytes(ofText text: String) { writeString(text) }

    @inline(__always)
    mutating func writeBytes(of buffer: ByteBuffer) { writeImmutableBuffer(buffer) }
}

extension FrameSink {
    /// Writes an unsigned number in groups of seven bits, the lowest first (LEB128).
    @inline(__always)
    mutating func writeVarint(_ value: UInt64) {
        if value < 0x80 {
            writeNumber(UInt8(truncatingIfNeeded: value))
        } else if value < 0x4000 {
            writeNumber(UInt16(truncatingIfNeeded: (value & 0x7f | 0x80) << 8 | value >> 7))
        } else {
            writeLongVarint(value)
        }
    }

    @inline(never)
    private mutating func writeLongVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            writeNumber(UInt8(truncatingIfNeeded: rest & 0x7f | 0x80))
            rest >>= 7
        }
        writeNumber(UInt8(truncatingIfNeeded: rest))
    }

    /// Writes a signed number: 0, -1, 1, -2 … become 0, 1, 2, 3 … (zigzag).
    @inline(__always)
    mutating func writeSignedVarint(_ value: Int64) {
        writeVarint(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    /// Writes text: its length in bytes of UTF-8, then the bytes.
    @inline(__always)
    mutating func writeText(_ text: String) {
        writeVarint(UInt64(text.utf8.count))
        writeBytes(ofText: text)
    }

    /// Writes bytes: their count, then themselves.
    @inline(__always)
    mutating func writeBlock(_ bytes: ByteBuffer) {
        writeVarint(UInt64(bytes.readableBytes))
        writeBytes(of: bytes)
    }
}
