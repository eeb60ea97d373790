extension JSONSource {
    /// The powers of ten that a `Double` holds exactly.
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// Reads a number as the nearest `Double`.
    func double(_ index: Int) throws(JSONFault) -> Double {
        let bytes = try number(index)
        if let value = Self.exact(bytes) { return value }
        guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
            throw doesNotFit(index)
        }
        return value
    }

    /// Reads a number as the nearest `Float`.
    func float(_ index: Int) throws(JSONFault) -> Float {
        let bytes = try number(index)
        guard let value = Float(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
            throw doesNotFit(index)
        }
        return value
    }

    /// The characters of a number.
    @inline(__always)
    func number(_ index: Int) throws(JSONFault) -> UnsafeRawBufferPointer {
        let node = node(index)
        guard node.kind == .number else { throw mismatch("expected a number", index) }
        return bytes(node)
    }

    /// Numbers whose digits and whose power of ten a `Double` holds exactly, so that one operation rounds correctly.
    ///
    /// The fast path of Clinger, How to Read Floating Point Numbers Accurately (1990).
    @inline(__always)
    private static func exact(_ bytes: UnsafeRawBufferPointer) -> Double? {
        guard bytes.count <= 24 else { return nil }
        let isNegative = bytes[0] == JSONByte.minus
        var mantissa: UInt64 = 0
        var power = 0
        var isBehindPoint = false
        var place = isNegative ? 1 : 0
        while place < bytes.count {
            let byte = bytes[place]
            if JSONByte.isDigit(byte) {
                guard mantissa < 1 << 53 else { return nil }
                mantissa = mantissa &* 10 &+ UInt64(byte &- JSONByte.zero)
                if isBehindPoint { power &-= 1 }
            } else if byte == JSONByte.point {
                isBehindPoint = true
            } else {
                power &+= exponent(UnsafeRawBufferPointer(rebasing: bytes[(place &+ 1)...]))
                break
            }
            place &+= 1
        }
        guard mantissa <= 1 << 53, power >= -22, power <= 22 else { return nil }
        let digits = Double(mantissa)
        let magnitude = power < 0 ? digits / powers[-power] : digits * powers[power]
        return isNegative ? -magnitude : magnitude
    }
}
