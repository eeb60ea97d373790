extension CBORDirect where Self: FixedWidthInteger {
    /// Appends the integer in its shortest form.
    @inline(__always)
    func write(to writer: inout CBORWriter) {
        if let natural = UInt64(exactly: self) {
            writer.writeHead(CBORMajor.unsigned, natural)
        } else if let signed = Int64(exactly: self) {
            writer.writeHead(CBORMajor.negative, ~UInt64(bitPattern: signed))
        } else {
            writeWide(to: &writer)
        }
    }

    /// What only 128-bit types hold: below the least `Int64`, or above the greatest `UInt64`.
    @inline(never)
    private func writeWide(to writer: inout CBORWriter) {
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
    @inline(__always)
    static func read(from reader: inout CBORReader) throws(CBORFault) -> Self { try reader.integer(Self.self) }
}

extension Int: CBORDirect {}
extension Int8: CBORDirect {}
extension Int16: CBORDirect {}
extension Int32: CBORDirect {}
extension Int64: CBORDirect {}
extension Int128: CBORDirect {}
extension UInt: CBORDirect {}
extension UInt8: CBORDirect {
    /// Appends a byte string.
    static func write(elements: [UInt8], to writer: inout CBORWriter) {
        writer.writeHead(CBORMajor.bytes, UInt64(truncatingIfNeeded: elements.count))
        elements.withUnsafeBytes { bytes in writer.write(raw: bytes) }
    }

    /// Reads a byte string, or an array of small numbers.
    static func readElements(from reader: inout CBORReader) throws(CBORFault) -> [UInt8] {
        let start = reader.position
        let head = try reader.untaggedHead()
        if head.major == CBORMajor.bytes { return try reader.string(head) }
        reader.position = start
        guard let count = try reader.openContainer(CBORMajor.array) else {
            var elements: [UInt8] = []
            while try !reader.readBreak() { elements.append(try read(from: &reader)) }
            return elements
        }
        var elements: [UInt8] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try read(from: &reader)) }
        return elements
    }
}
extension UInt16: CBORDirect {}
extension UInt32: CBORDirect {}
extension UInt64: CBORDirect {}
extension UInt128: CBORDirect {}

extension Double: CBORDirect {
    /// Appends nine bytes: every bit of every value survives, and nothing is spent on looking for a shorter form.
    @inline(__always)
    func write(to writer: inout CBORWriter) { writer.write(byte: CBORByte.double, bits: bitPattern) }

    @inline(__always)
    static func read(from reader: inout CBORReader) throws(CBORFault) -> Double { try reader.double() }
}

extension Float: CBORDirect {
    /// Appends five bytes.
    @inline(__always)
    func write(to writer: inout CBORWriter) { writer.write(byte: CBORByte.single, bits: bitPattern) }

    @inline(__always)
    static func read(from reader: inout CBORReader) throws(CBORFault) -> Float { try reader.float() }
}

extension Bool: CBORDirect {
    @inline(__always)
    func write(to writer: inout CBORWriter) { writer.write(byte: self ? CBORByte.true : CBORByte.false) }

    @inline(__always)
    static func read(from reader: inout CBORReader) throws(CBORFault) -> Bool { try reader.bool() }
}
