/// A type that the codec writes and reads itself, without the containers of `Codable`.
///
/// ``CBORDirectTypes`` lists the types; a conformance alone changes nothing. Collections are requirements of their
/// elements, because the compiler specialises the loops for each element type only there.
protocol CBORDirect: JSONDirect {
    /// Appends the value as one item.
    func write(to writer: inout CBORWriter)

    /// Reads one item.
    static func read(from reader: inout CBORReader) throws(CBORFault) -> Self

    /// Appends an array as one item.
    static func write(elements: [Self], to writer: inout CBORWriter)

    /// Reads an array.
    static func readElements(from reader: inout CBORReader) throws(CBORFault) -> [Self]

    /// Appends a dictionary as one item.
    static func write(entries: [String: Self], to writer: inout CBORWriter)

    /// Reads a map with text keys.
    static func readEntries(from reader: inout CBORReader) throws(CBORFault) -> [String: Self]
}
