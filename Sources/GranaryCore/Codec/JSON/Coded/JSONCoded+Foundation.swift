public import struct FoundationEssentials.Data
public import struct FoundationEssentials.Date
public import struct FoundationEssentials.Decimal
public import struct FoundationEssentials.URL

extension Data: _JSONCoded {
    /// Appends a string of Base64 (RFC 4648, section 4).
    public func _writeJSON(to writer: inout CBORWriter) {
        writer.write(byte: JSONByte.quote)
        writer.write(unescaped: base64EncodedString())
        writer.write(byte: JSONByte.quote)
    }

    /// Reads a string of Base64.
    public static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> Data {
        guard let data = Data(base64Encoded: try source.text(index)) else {
            throw source.corrupted("text that is not Base64", index)
        }
        return data
    }
}

extension Date: _JSONCoded {
    /// Appends what `Codable` says: seconds since the beginning of 2001, as a `Double`.
    public func _writeJSON(to writer: inout CBORWriter) throws(JSONFault) {
        try timeIntervalSinceReferenceDate._writeJSON(to: &writer)
    }

    /// Reads the value of a node.
    public static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> Date {
        Date(timeIntervalSinceReferenceDate: try source.double(index))
    }
}

extension URL: _JSONCoded {
    /// Appends the absolute URL as a string.
    public func _writeJSON(to writer: inout CBORWriter) { writer.write(jsonText: absoluteString) }

    /// Reads the value of a node.
    public static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> URL {
        guard let value = URL(string: try source.text(index)) else {
            throw source.corrupted("text that is no URL", index)
        }
        return value
    }
}

extension Decimal: _JSONCoded {
    /// Appends the number with all its digits.
    public func _writeJSON(to writer: inout CBORWriter) throws(JSONFault) {
        guard !isNaN else { throw JSONFault(.unwritable, "JSON has nothing for NaN") }
        writer.write(unescaped: description)
    }

    /// Reads the value of a node.
    public static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> Decimal {
        let digits = String(decoding: try source.number(index), as: UTF8.self)
        guard let value = Decimal(string: digits), !value.isNaN else { throw source.doesNotFit(index) }
        return value
    }
}
