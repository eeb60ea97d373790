extension CBORWriter {
    /// Appends the digits of a number as they are, apart from a fraction that is zero.
    mutating func write(digits: String) {
        var digits = digits[...]
        if digits.hasSuffix(".0") { digits.removeLast(2) }
        digits.withUTF8 { utf8 in write(raw: UnsafeRawBufferPointer(utf8)) }
    }

    /// Appends a number that has few digits behind the point, as most numbers of people have.
    ///
    /// If an integer below 10^15 divided by a power of ten gives the number, its digits are the shortest that do: 15 digits
    /// stand for one `Double` each, and fewer behind the point were tried before. The division rounds correctly, because a
    /// `Double` holds both sides exactly.
    ///
    /// - Returns: False when nothing was written.
    mutating func write(shortFraction number: Double) -> Bool {
        let magnitude = number.magnitude
        // `description` writes smaller numbers with an exponent.
        guard magnitude >= 1e-3, magnitude < 1e9 else { return false }
        var power = 10.0
        for places in 1...6 {
            let scaled = (magnitude * power).rounded()
            if scaled / power == magnitude {
                write(UInt64(scaled), places: places, isNegative: number < 0)
                return true
            }
            power *= 10
        }
        return false
    }

    /// Appends an integer with a point before its last digits.
    private mutating func write(_ integer: UInt64, places: Int, isNegative: Bool) {
        append(atMost: 24) { target in
            var digits = 1
            var bound: UInt64 = 10
            while integer >= bound {
                digits &+= 1
                bound &*= 10
            }
            digits = max(digits, places &+ 1)
            let sign = isNegative ? 1 : 0
            if isNegative { target.storeBytes(of: JSONByte.minus, as: UInt8.self) }
            var rest = integer
            for place in stride(from: sign &+ digits, through: sign, by: -1) {
                if place == sign &+ digits &- places {
                    target.storeBytes(of: JSONByte.point, toByteOffset: place, as: UInt8.self)
                } else {
                    let digit = UInt8(truncatingIfNeeded: rest % 10)
                    target.storeBytes(of: JSONByte.zero &+ digit, toByteOffset: place, as: UInt8.self)
                    rest /= 10
                }
            }
            return sign &+ digits &+ 1
        }
    }
}
