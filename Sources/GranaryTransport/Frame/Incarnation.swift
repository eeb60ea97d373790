internal import NIOCore

/// The sixteen bytes of an incarnation as they travel.
enum Incarnation {
    /// Writes a UUID as sixteen bytes; text that is none becomes zeros, which no process takes for its own.
    static func write(_ text: String, to buffer: inout ByteBuffer) {
        let bytes = bytes(of: text) ?? (0, 0)
        buffer.writeInteger(bytes.0)
        buffer.writeInteger(bytes.1)
    }

    static func read(from reader: inout FrameReader) throws(WireFault) -> String {
        text(try reader.integer(UInt64.self), try reader.integer(UInt64.self))
    }

    /// The two halves of a UUID's text, or `nil` if it is none.
    static func bytes(of text: String) -> (UInt64, UInt64)? {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
        guard digits.count == 32, text.utf8.count == 36, let string = String(validating: digits, as: UTF8.self),
            let high = UInt64(string.prefix(16), radix: 16), let low = UInt64(string.suffix(16), radix: 16)
        else { return nil }
        return (high, low)
    }

    /// The usual text of a UUID, in lower case.
    static func text(_ high: UInt64, _ low: UInt64) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 { text.append(UInt8(ascii: "-")) }
            let half = index < 16 ? high : low
            text.append(digits[Int(half >> UInt64(60 - index % 16 * 4) & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
