// Inlinable, or calls from other modules would run the code that is not specialised for any type.
extension Coded where Self: FixedWidthInteger {
    /// True: it contains no other items.
    @inlinable public static var _isLeaf: Bool { true }

    /// Appends the integer in its shortest form.
    @inlinable
    @inline(__always)
    public func _write(to writer: inout CBORWriter) {
        if let natural = UInt64(exactly: self) {
            writer.writeHead(CBORMajor.unsigned, natural)
        } else if let signed = Int64(exactly: self) {
            writer.writeHead(CBORMajor.negative, ~UInt64(bitPattern: signed))
        } else {
            writeWide(to: &writer)
        }
    }

    /// What only 128-bit types hold: below the least `Int64`, or above the greatest `UInt64`.
    @usableFromInline
    @inline(never)
    func writeWide(to writer: inout CBORWriter) {
        let isNegative = self < 0
        let magnitude = UInt128(truncatingIfNeeded: isNegative ? ~self : self)
        if let argument = UInt64(exactly: magnitude) {
            writer.writeHead(CBORMajor.negative, argument)
            return
        }
        writer.writeHead(CBORMajor.tag, isNegative ? CBORTag.negativeBignum : CBORTag.positiveBignum)
        let length = (128 - magnitude.leadingZeroBitCount + 7) / 8
        writer.writeHead(CBORMajor.bytes, UInt64(length))
        for index in (0..<length).reversed() {
            writer.write(byte: UInt8(truncatingIfNeeded: magnitude >> (8 * index)))
        }
    }

    /// Reads an integer of any width that fits.
    @inlinable
    @inline(__always)
    public static func _read(from reader: inout CBORReader) throws(CBORFault) -> Self { try reader.integer(Self.self) }
}

extension Int: Coded {}
extension Int8: Coded {}
extension Int16: Coded {}
extension Int32: Coded {}
extension Int64: Coded {}
extension Int128: Coded {}
extension UInt: Coded {}
extension UInt8: Coded {
    /// Appends a byte string.
    public static func _write(elements: [UInt8], to writer: inout CBORWriter) {
        writer.writeHead(CBORMajor.bytes, UInt64(truncatingIfNeeded: elements.count))
        elements.withUnsafeBytes { bytes in writer.write(raw: bytes) }
    }

    /// Reads a byte string, or an array of small numbers.
    public static func _readElements(from reader: inout CBORReader) throws(CBORFault) -> [UInt8] {
        let start = reader.position
        let head = try reader.untaggedHead()
        if head.major == CBORMajor.bytes { return try reader.string(head) }
        reader.position = start
        guard let count = try reader.openContainer(CBORMajor.array) else {
            var elements: [UInt8] = []
            while try !reader.readBreak() { elements.append(try _read(from: &reader)) }
            return elements
        }
        var elements: [UInt8] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try _read(from: &reader)) }
        return elements
    }
}
extension UInt16: Coded {}
extension UInt32: Coded {}
extension UInt64: Coded {}
extension UInt128: Coded {}

extension Double: Coded {
    /// True: it contains no other items.
    @inlinable public static var _isLeaf: Bool { true }

    /// Appends nine bytes: every bit of every value survives, and nothing is spent on looking for a shorter form.
    @inline(__always)
    public func _write(to writer: inout CBORWriter) { writer.write(byte: CBORByte.double, bits: bitPattern) }

    /// Reads one item.
    @inline(__always)
    public static func _read(from reader: inout CBORReader) throws(CBORFault) -> Double { try reader.double() }
}

extension Float: Coded {
    /// True: it contains no other items.
    @inlinable public static var _isLeaf: Bool { true }

    /// Appends five bytes.
    @inline(__always)
    public func _write(to writer: inout CBORWriter) { writer.write(byte: CBORByte.single, bits: bitPattern) }

    /// Reads one item.
    @inline(__always)
    public static func _read(from reader: inout CBORReader) throws(CBORFault) -> Float { try reader.float() }
}

extension Bool: Coded {
    /// True: it contains no other items.
    @inlinable public static var _isLeaf: Bool { true }

    /// Appends the value as one item.
    @inline(__always)
    public func _write(to writer: inout CBORWriter) { writer.write(byte: self ? CBORByte.true : CBORByte.false) }

    /// Reads one item.
    @inline(__always)
    public static func _read(from reader: inout CBORReader) throws(CBORFault) -> Bool { try reader.bool() }
}
