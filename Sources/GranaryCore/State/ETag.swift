/// The name of one written version of a state: 128 random bits chosen by the writer, never used twice.
///
/// Because it never repeats, a state that changed and changed back is still seen to have changed.
public struct ETag: Hashable, Sendable {
    /// The upper 64 bits.
    public var high: UInt64
    /// The lower 64 bits.
    public var low: UInt64

    /// Makes an etag of 128 bits.
    ///
    /// - Parameters:
    ///   - high: The upper 64 bits.
    ///   - low: The lower 64 bits.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

extension ETag: CustomStringConvertible {
    /// The bits as a lower-case UUID, as PostgreSQL prints them.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        // Fills all of the 36 bytes that it asks for: 32 digits and 4 dashes.
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for nibble in 0..<32 {
                if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = nibble < 16 ? high : low
                buffer[position] = digits[Int(truncatingIfNeeded: word >> UInt64(60 - 4 * (nibble & 15))) & 15]
                position += 1
            }
            return position
        }
    }
}

extension ETag: LosslessStringConvertible {
    /// Reads a UUID in either case.
    ///
    /// - Parameter description: 32 hexadecimal digits with the four dashes of a UUID.
    public init?(_ description: String) {
        var words: (UInt64, UInt64) = (0, 0)
        var digits = 0
        for byte in description.utf8 {
            let value: UInt64
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = UInt64(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = UInt64(byte - UInt8(ascii: "A") + 10)
            case UInt8(ascii: "-"): continue
            default: return nil
            }
            if digits < 16 { words.0 = words.0 << 4 | value } else { words.1 = words.1 << 4 | value }
            digits += 1
        }
        guard digits == 32, description.utf8.count == 36 else { return nil }
        self.init(high: words.0, low: words.1)
    }
}
