extension String: CBORDirect {
    @inline(__always)
    func write(to writer: inout CBORWriter) { writer.write(text: self) }

    @inline(__always)
    static func read(from reader: inout CBORReader) throws(CBORFault) -> String { try reader.text() }
}
