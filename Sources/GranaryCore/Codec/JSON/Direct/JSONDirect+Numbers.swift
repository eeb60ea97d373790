extension JSONDirect where Self: FixedWidthInteger {
    /// Appends the integer in decimal.
    @inline(__always)
    func writeJSON(to writer: inout CBORWriter) {
        if let natural = UInt64(exactly: self) {
            writer.write(decimal: natural, isNegative: false)
        } else if let signed = Int64(exactly: self) {
            writer.write(decimal: signed.magnitude, isNegative: true)
        } else {
            writer.write(unescaped: description)
        }
    }

    /// Reads an integer that fits, in any notation.
    @inline(__always)
    static func read(_ index: Int, of source: JSONSource) throws(JSONFault) -> Self {
        try source.integer(Self.self, index)
    }
}

extension Int: JSONDirect {}
extension Int8: JSONDirect {}
extension Int16: JSONDirect {}
extension Int32: JSONDirect {}
extension Int64: JSONDirect {}
extension Int128: JSONDirect {}
extension UInt: JSONDirect {}
extension UInt8: JSONDirect {}
extension UInt16: JSONDirect {}
extension UInt32: JSONDirect {}
extension UInt64: JSONDirect {}
extension UInt128: JSONDirect {}

extension JSONDirect where Self: BinaryFloatingPoint & CustomStringConvertible {
    /// Appends the shortest digits that give the same number again.
    func writeJSON(to writer: inout CBORWriter) throws(JSONFault) {
        guard isFinite else { throw JSONFault(.unwritable, "JSON has no infinite numbers and nothing for NaN") }
        // Beyond 15 digits `description` may be shorter; the sign of zero would be lost.
        if self != 0, magnitude < 1e15, let integer = Int64(exactly: self) {
            writer.write(decimal: integer.magnitude, isNegative: integer < 0)
            return
        }
        var digits = description[...]
        if digits.hasSuffix(".0") { digits.removeLast(2) }
        digits.withUTF8 { utf8 in writer.write(raw: UnsafeRawBufferPointer(utf8)) }
    }
}

extension Double: JSONDirect {
    /// Reads a number as the nearest `Double`.
    static func read(_ index: Int, of source: JSONSource) throws(JSONFault) -> Double { try source.double(index) }
}

extension Float: JSONDirect {
    /// Reads a number as the nearest `Float`.
    static func read(_ index: Int, of source: JSONSource) throws(JSONFault) -> Float { try source.float(index) }
}

extension Bool: JSONDirect {
    @inline(__always)
    func writeJSON(to writer: inout CBORWriter) { writer.write(ascii: self ? "true" : "false") }

    @inline(__always)
    static func read(_ index: Int, of source: JSONSource) throws(JSONFault) -> Bool { try source.bool(index) }
}
