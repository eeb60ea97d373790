/// A type that the codec writes and reads itself, without the containers of `Codable`.
///
/// ``CBORDirectTypes`` lists the types; a conformance alone changes nothing.
protocol CBORDirect {
    /// Appends the value as one item.
    func write(to writer: inout CBORWriter)

    /// Reads one item.
    static func read(from reader: inout CBORReader) throws(CBORFault) -> Self
}
