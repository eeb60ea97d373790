// Inlinable, or calls from other modules would run the code that is not specialised for any type.
extension _JSONCoded where Self: FixedWidthInteger {
    /// Appends the integer in decimal.
    @inlinable
    public func _writeJSON(to writer: inout CBORWriter) {
        if let natural = UInt64(exactly: self) {
            writer.write(decimal: natural, isNegative: false)
        } else if let signed = Int64(exactly: self) {
            writer.write(decimal: signed.magnitude, isNegative: true)
        } else {
            writer.write(unescaped: description)
        }
    }

    /// Reads an integer that fits, in any notation.
    @inlinable
    public static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> Self {
        try source.integer(Self.self, index)
    }
}

extension Int: _JSONCoded {}
extension Int8: _JSONCoded {}
extension Int16: _JSONCoded {}
extension Int32: _JSONCoded {}
extension Int64: _JSONCoded {}
extension Int128: _JSONCoded {}
extension UInt: _JSONCoded {}
extension UInt8: _JSONCoded {}
extension UInt16: _JSONCoded {}
extension UInt32: _JSONCoded {}
extension UInt64: _JSONCoded {}
extension UInt128: _JSONCoded {}

extension Double: _JSONCoded {
    /// Appends the shortest digits that give the same number again.
    public func _writeJSON(to writer: inout CBORWriter) throws(JSONFault) {
        guard isFinite else { throw JSONFault.notFinite }
        // Beyond 15 digits `description` may be shorter; the sign of zero would be lost.
        if self != 0, magnitude < 1e15 {
            let integer = Int64(self)
            if Double(integer) == self {
                return writer.write(decimal: integer.magnitude, isNegative: integer < 0)
            }
            if writer.write(shortFraction: self) { return }
        }
        writer.write(digits: description)
    }

    /// Reads a number as the nearest `Double`.
    public static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> Double {
        try source.double(index)
    }
}

extension Float: _JSONCoded {
    /// Appends the shortest digits that give the same number again.
    public func _writeJSON(to writer: inout CBORWriter) throws(JSONFault) {
        guard isFinite else { throw JSONFault.notFinite }
        if self != 0, magnitude < 1e15 {
            let integer = Int64(self)
            if Float(integer) == self {
                return writer.write(decimal: integer.magnitude, isNegative: integer < 0)
            }
        }
        writer.write(digits: description)
    }

    /// Reads a number as the nearest `Float`.
    public static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> Float {
        try source.float(index)
    }
}

extension Bool: _JSONCoded {
    /// Appends the value.
    @inline(__always)
    public func _writeJSON(to writer: inout CBORWriter) { writer.write(ascii: self ? "true" : "false") }

    /// Reads the value of a node.
    @inline(__always)
    public static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> Bool {
        try source.bool(index)
    }
}
