extension JSONScanner {
    /// Scans a string from its quote on.
    @inline(__always)
    mutating func scanString() throws(JSONFault) {
        position &+= 1
        let start = position
        var isPlain = true
        while true {
            skipPlainWords()
            let byte = try byte()
            if byte == JSONByte.quote { break }
            if byte == JSONByte.backslash {
                isPlain = false
                try scanEscape()
            } else if byte < JSONByte.space {
                throw fault("a control character in a string")
            } else if byte < 0x80 {
                position &+= 1
            } else {
                try scanScalar()
            }
        }
        add(.string, isPlain: isPlain, offset: start, count: position &- start)
        position &+= 1
    }

    /// Passes over ASCII that means itself, up to the byte that does not or to the last bytes of the text.
    @inline(__always)
    private mutating func skipPlainWords() {
        while end &- position >= 8 {
            let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let found = JSONByte.special(word) | (word & JSONByte.highBits)
            if found != 0 {
                position &+= found.trailingZeroBitCount >> 3
                return
            }
            position &+= 8
        }
    }

    private mutating func scanEscape() throws(JSONFault) {
        position &+= 1
        switch try byte() {
        case JSONByte.quote, JSONByte.backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position &+= 1
        case UInt8(ascii: "u"):
            position &+= 1
            let unit = try scanHexUnit()
            if unit & 0xf800 == 0xd800 { try scanLowSurrogate(behind: unit) }
        default: throw fault("an unknown escape")
        }
    }

    private mutating func scanLowSurrogate(behind unit: UInt16) throws(JSONFault) {
        guard unit < 0xdc00, try byte() == JSONByte.backslash else { throw fault("half a surrogate pair") }
        position &+= 1
        guard try byte() == UInt8(ascii: "u") else { throw fault("half a surrogate pair") }
        position &+= 1
        guard try scanHexUnit() & 0xfc00 == 0xdc00 else { throw fault("half a surrogate pair") }
    }

    private mutating func scanHexUnit() throws(JSONFault) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = JSONByte.hexDigit(try byte()) else { throw fault("a hexadecimal digit is missing") }
            unit = unit << 4 | digit
            position &+= 1
        }
        return unit
    }

    /// Scans a character that is not ASCII, by the table of well-formed sequences (RFC 3629, section 4).
    private mutating func scanScalar() throws(JSONFault) {
        let first = try byte()
        var second: ClosedRange<UInt8> = 0x80...0xbf
        let tail: Int
        switch first {
        case 0xc2...0xdf: tail = 1
        case 0xe0...0xef:
            tail = 2
            if first == 0xe0 { second = 0xa0...0xbf }
            if first == 0xed { second = 0x80...0x9f }
        case 0xf0...0xf4:
            tail = 3
            if first == 0xf0 { second = 0x90...0xbf }
            if first == 0xf4 { second = 0x80...0x8f }
        default: throw fault("text that is not UTF-8")
        }
        position &+= 1
        for _ in 0..<tail {
            guard second.contains(try byte()) else { throw fault("text that is not UTF-8") }
            second = 0x80...0xbf
            position &+= 1
        }
    }
}
