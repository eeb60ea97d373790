import struct FoundationEssentials.Data
import struct FoundationEssentials.Date
import struct FoundationEssentials.Decimal
import struct FoundationEssentials.URL
import struct FoundationEssentials.UUID

extension Data: JSONDirect {
    /// Appends a string of Base64 (RFC 4648, section 4).
    func writeJSON(to writer: inout CBORWriter) {
        writer.write(byte: JSONByte.quote)
        writer.write(unescaped: base64EncodedString())
        writer.write(byte: JSONByte.quote)
    }

    /// Reads a string of Base64.
    static func read(_ index: Int, of source: JSONSource) throws(JSONFault) -> Data {
        guard let data = Data(base64Encoded: try source.text(index)) else {
            throw source.corrupted("text that is not Base64", index)
        }
        return data
    }
}

extension Date: JSONDirect {
    /// Appends what `Codable` says: seconds since the beginning of 2001, as a `Double`.
    func writeJSON(to writer: inout CBORWriter) throws(JSONFault) {
        try timeIntervalSinceReferenceDate.writeJSON(to: &writer)
    }

    static func read(_ index: Int, of source: JSONSource) throws(JSONFault) -> Date {
        Date(timeIntervalSinceReferenceDate: try source.double(index))
    }
}

extension UUID: JSONDirect {
    /// Appends a string with the groups of hexadecimal digits.
    func writeJSON(to writer: inout CBORWriter) {
        writer.write(byte: JSONByte.quote)
        writer.write(unescaped: uuidString)
        writer.write(byte: JSONByte.quote)
    }

    static func read(_ index: Int, of source: JSONSource) throws(JSONFault) -> UUID {
        guard let value = UUID(uuidString: try source.text(index)) else {
            throw source.corrupted("text that is no UUID", index)
        }
        return value
    }
}

extension URL: JSONDirect {
    /// Appends the absolute URL as a string.
    func writeJSON(to writer: inout CBORWriter) { writer.write(jsonText: absoluteString) }

    static func read(_ index: Int, of source: JSONSource) throws(JSONFault) -> URL {
        guard let value = URL(string: try source.text(index)) else {
            throw source.corrupted("text that is no URL", index)
        }
        return value
    }
}

extension Decimal: JSONDirect {
    /// Appends the number with all its digits.
    func writeJSON(to writer: inout CBORWriter) throws(JSONFault) {
        guard !isNaN else { throw JSONFault(.unwritable, "JSON has nothing for NaN") }
        writer.write(unescaped: description)
    }

    static func read(_ index: Int, of source: JSONSource) throws(JSONFault) -> Decimal {
        let digits = String(decoding: try source.number(index), as: UTF8.self)
        guard let value = Decimal(string: digits), !value.isNaN else { throw source.doesNotFit(index) }
        return value
    }
}
