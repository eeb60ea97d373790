extension String: JSONDirect {
    @inline(__always)
    func writeJSON(to writer: inout CBORWriter) { writer.write(jsonText: self) }

    @inline(__always)
    static func read(_ index: Int, of source: JSONSource) throws(JSONFault) -> String { try source.text(index) }
}
