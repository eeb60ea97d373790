/// A type that the JSON codec writes and reads itself, without the containers of `Codable`.
///
/// ``JSONDirectTypes`` finds the types; a conformance alone changes nothing. Collections are requirements of their
/// elements, because the compiler specialises the loops for each element type only there.
protocol JSONDirect {
    /// Appends the value.
    func writeJSON(to writer: inout CBORWriter) throws(JSONFault)

    /// Reads the value of a node.
    static func read(_ index: Int, of source: JSONSource) throws(JSONFault) -> Self

    /// Appends an array.
    static func writeJSON(elements: [Self], to writer: inout CBORWriter) throws(JSONFault)

    /// Reads an array.
    static func readElements(_ index: Int, of source: JSONSource) throws(JSONFault) -> [Self]

    /// Appends an object.
    static func writeJSON(entries: [String: Self], to writer: inout CBORWriter) throws(JSONFault)

    /// Reads an object; the last of several entries with one key counts.
    static func readEntries(_ index: Int, of source: JSONSource) throws(JSONFault) -> [String: Self]
}
