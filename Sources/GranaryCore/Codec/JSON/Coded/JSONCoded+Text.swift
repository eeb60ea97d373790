extension String: _JSONCoded {
    /// Appends the value.
    @inline(__always)
    public func _writeJSON(to writer: inout CBORWriter) { writer.write(jsonText: self) }

    /// Reads the value of a node.
    @inline(__always)
    public static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> String {
        try source.text(index)
    }
}
