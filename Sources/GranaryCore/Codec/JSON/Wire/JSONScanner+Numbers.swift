extension JSONScanner {
    /// Scans a number, whose first byte is a minus or a digit.
    mutating func scanNumber() throws(JSONFault) {
        let start = position
        var isInteger = true
        if try byte() == JSONByte.minus { position &+= 1 }
        if try byte() == JSONByte.zero {
            position &+= 1
            guard !nextIsDigit else { throw fault("a number begins with a zero") }
        } else {
            try scanDigits()
        }
        if position < end, try byte() == JSONByte.point {
            isInteger = false
            position &+= 1
            try scanDigits()
        }
        if position < end, try byte() | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position &+= 1
            let sign = try byte()
            if sign == JSONByte.minus || sign == JSONByte.plus { position &+= 1 }
            try scanDigits()
        }
        add(.number, isPlain: isInteger, offset: start, count: position &- start)
    }

    private var nextIsDigit: Bool {
        @inline(__always)
        get { position < end && JSONByte.isDigit(base.load(fromByteOffset: position, as: UInt8.self)) }
    }

    /// Scans one or more digits.
    @inline(__always)
    private mutating func scanDigits() throws(JSONFault) {
        guard JSONByte.isDigit(try byte()) else { throw fault("a digit is missing") }
        repeat { position &+= 1 } while nextIsDigit
    }
}
