extension JSONSource {
    /// Reads an integer, in any notation: `1.0` and `1e2` are integers too.
    ///
    /// Inlinable, or calls from other modules would run the code that is not specialised for any type.
    @inlinable
    func integer<Value: FixedWidthInteger>(_: Value.Type, _ index: Int) throws(JSONFault) -> Value {
        guard let (magnitude, isNegative) = try shortInteger(index) else { return try wideInteger(index) }
        let value =
            isNegative
            ? Value(exactly: 0 &- Int64(truncatingIfNeeded: magnitude)) : Value(exactly: magnitude)
        guard let value else { throw doesNotFit(index) }
        return value
    }

    /// Reads an integer that has no more digits than most, and neither fraction nor exponent.
    @usableFromInline
    func shortInteger(_ index: Int) throws(JSONFault) -> (magnitude: UInt64, isNegative: Bool)? {
        let node = node(index)
        guard node.kind == .number else { throw mismatch("expected a number", index) }
        // Nineteen digits fit `UInt64`, a sign and eighteen fit `Int64`.
        guard node.isPlain, node.count <= 19 else { return nil }
        let bytes = bytes(node)
        let isNegative = bytes[0] == JSONByte.minus
        var magnitude: UInt64 = 0
        var place = isNegative ? 1 : 0
        while place < bytes.count {
            magnitude = magnitude &* 10 &+ UInt64(bytes[place] &- JSONByte.zero)
            place &+= 1
        }
        return (magnitude, isNegative)
    }

    /// The error for a number that its type cannot hold.
    @usableFromInline
    func doesNotFit(_ index: Int) -> JSONFault { corrupted("the number does not fit", index) }

    /// Any notation and length: the digits between the first and the last that is not zero, times a power of ten.
    @usableFromInline
    @inline(never)
    func wideInteger<Value: FixedWidthInteger>(_ index: Int) throws(JSONFault) -> Value {
        let bytes = bytes(node(index))
        var first: Int?
        var last = 0
        var power = 0
        var mantissaEnd = bytes.count
        var point: Int?
        for (place, byte) in bytes.enumerated() {
            if byte == JSONByte.point {
                point = place
            } else if byte | 0x20 == UInt8(ascii: "e") {
                mantissaEnd = place
                power = Self.exponent(UnsafeRawBufferPointer(rebasing: bytes[(place + 1)...]))
                break
            } else if byte > JSONByte.zero {
                if first == nil { first = place }
                last = place
            }
        }
        guard let first else { return 0 }
        let unit = point ?? mantissaEnd
        power += last < unit ? unit - last - 1 : unit - last
        guard power >= 0, last - first + power <= 40 else { throw doesNotFit(index) }
        let isNegative = bytes[0] == JSONByte.minus
        var value: Value = 0
        var hasOverflow = false
        func append(_ digit: UInt8) {
            let (product, first) = value.multipliedReportingOverflow(by: 10)
            let (sum, second) =
                isNegative
                ? product.subtractingReportingOverflow(Value(truncatingIfNeeded: digit))
                : product.addingReportingOverflow(Value(truncatingIfNeeded: digit))
            value = sum
            hasOverflow = hasOverflow || first || second
        }
        for place in first...last where place != point { append(bytes[place] &- JSONByte.zero) }
        for _ in 0..<power { append(0) }
        guard !hasOverflow else { throw doesNotFit(index) }
        return value
    }

    /// An exponent with its sign; far beyond the length of any text it stops to grow.
    static func exponent(_ bytes: UnsafeRawBufferPointer) -> Int {
        var value = 0
        for byte in bytes where JSONByte.isDigit(byte) {
            if value < 1 << 50 { value = value * 10 + Int(byte &- JSONByte.zero) }
        }
        return bytes.first == JSONByte.minus ? -value : value
    }
}
