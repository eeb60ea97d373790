// Inlinable, or calls from other modules would run the code that is not specialised for any type.
extension Coded where Self: RawRepresentable, RawValue: Coded {
    /// Appends the raw value.
    @inlinable
    public func _write(to writer: inout CBORWriter) throws(CBORFault) { try rawValue._write(to: &writer) }

    /// Reads the raw value.
    @inlinable
    public static func _read(from reader: inout CBORReader) throws(CBORFault) -> Self {
        guard let value = Self(rawValue: try RawValue._read(from: &reader)) else { throw reader._refused }
        return value
    }

    /// Appends the raw value.
    @inlinable
    public func _writeJSON(to writer: inout CBORWriter) throws(JSONFault) { try rawValue._writeJSON(to: &writer) }

    /// Reads the raw value.
    @inlinable
    public static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> Self {
        guard let value = Self(rawValue: try RawValue._readJSON(index, of: source)) else { throw source._refused }
        return value
    }
}
