extension CBORWriter {
    /// Appends a string of JSON.
    @inline(__always)
    mutating func write(jsonText text: String) {
        var text = text
        text.withUTF8 { utf8 in
            let bytes = UnsafeRawBufferPointer(utf8)
            var plain = 0
            append(atMost: bytes.count &+ 2) { target in
                target.storeBytes(of: JSONByte.quote, as: UInt8.self)
                plain = Self.copyPlain(bytes, to: target + 1)
                guard plain == bytes.count else { return plain &+ 1 }
                target.storeBytes(of: JSONByte.quote, toByteOffset: plain &+ 1, as: UInt8.self)
                return plain &+ 2
            }
            if plain < bytes.count { writeEscaped(UnsafeRawBufferPointer(rebasing: bytes[plain...])) }
        }
    }

    /// Copies bytes up to the first that needs an escape, eight at a time as long as there are.
    ///
    /// - Returns: How many it copied.
    @inline(__always)
    private static func copyPlain(_ bytes: UnsafeRawBufferPointer, to target: UnsafeMutableRawPointer) -> Int {
        var place = 0
        while bytes.count &- place >= 8 {
            let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            if JSONByte.special(word) != 0 { break }
            target.storeBytes(of: word, toByteOffset: place, as: UInt64.self)
            place &+= 8
        }
        while place < bytes.count {
            let byte = bytes[place]
            if byte < JSONByte.space || byte == JSONByte.quote || byte == JSONByte.backslash { break }
            target.storeBytes(of: byte, toByteOffset: place, as: UInt8.self)
            place &+= 1
        }
        return place
    }

    /// Appends the rest of a string, and its quote.
    @inline(never)
    private mutating func writeEscaped(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while let first = rest.first {
            write(escapeOf: first)
            rest = UnsafeRawBufferPointer(rebasing: rest[1...])
            guard !rest.isEmpty else { break }
            append(atMost: rest.count) { target in
                let plain = Self.copyPlain(rest, to: target)
                rest = UnsafeRawBufferPointer(rebasing: rest[plain...])
                return plain
            }
        }
        write(byte: JSONByte.quote)
    }

    private mutating func write(escapeOf byte: UInt8) {
        write(byte: JSONByte.backslash)
        switch byte {
        case 0x08: write(byte: UInt8(ascii: "b"))
        case 0x0c: write(byte: UInt8(ascii: "f"))
        case JSONByte.lineFeed: write(byte: UInt8(ascii: "n"))
        case JSONByte.carriageReturn: write(byte: UInt8(ascii: "r"))
        case JSONByte.tab: write(byte: UInt8(ascii: "t"))
        case 0..<JSONByte.space:
            write(ascii: "u00")
            write(byte: JSONByte.zero + byte >> 4)
            write(byte: byte & 15 < 10 ? JSONByte.zero + byte & 15 : UInt8(ascii: "a") - 10 + byte & 15)
        default: write(byte: byte)
        }
    }

    /// Appends characters as they are.
    @usableFromInline
    @inline(__always)
    mutating func write(ascii text: StaticString) {
        write(raw: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends text as it is.
    @usableFromInline
    mutating func write(unescaped text: String) {
        var text = text
        text.withUTF8 { utf8 in write(raw: UnsafeRawBufferPointer(utf8)) }
    }

    /// Appends a number in decimal.
    @usableFromInline
    @inline(__always)
    mutating func write(decimal magnitude: UInt64, isNegative: Bool) {
        append(atMost: 21) { target in
            var digits = 1
            var bound: UInt64 = 10
            // Twenty digits are the most; the bound for the twentieth would not fit.
            while digits < 20, magnitude >= bound {
                digits &+= 1
                bound = digits < 20 ? bound &* 10 : 0
            }
            let sign = isNegative ? 1 : 0
            if isNegative { target.storeBytes(of: JSONByte.minus, as: UInt8.self) }
            var rest = magnitude
            var place = sign &+ digits
            while place > sign {
                place &-= 1
                let digit = UInt8(truncatingIfNeeded: rest % 10)
                target.storeBytes(of: JSONByte.zero &+ digit, toByteOffset: place, as: UInt8.self)
                rest /= 10
            }
            return sign &+ digits
        }
    }
}
