/// The half of ``Coded`` that is about JSON, which two types have alone: `URL` and `Decimal` look different in JSON than
/// their `Codable` says.
public protocol _JSONCoded {
    /// Appends the value.
    func _writeJSON(to writer: inout CBORWriter) throws(JSONFault)

    /// Reads the value of a node.
    static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> Self

    /// Appends an array.
    static func _writeJSON(elements: [Self], to writer: inout CBORWriter) throws(JSONFault)

    /// Reads an array.
    static func _readElements(_ index: Int, of source: JSONSource) throws(JSONFault) -> [Self]

    /// Appends an object.
    static func _writeJSON(entries: [String: Self], to writer: inout CBORWriter) throws(JSONFault)

    /// Reads an object; the last of several entries with one key counts.
    static func _readEntries(_ index: Int, of source: JSONSource) throws(JSONFault) -> [String: Self]
}
