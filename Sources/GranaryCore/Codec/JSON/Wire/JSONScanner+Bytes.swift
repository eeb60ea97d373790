extension JSONScanner {
    /// The byte at the position, which stays where it is.
    @inline(__always)
    func byte() throws(JSONFault) -> UInt8 {
        guard position < end else { throw fault("the text ends too early") }
        return base.load(fromByteOffset: position, as: UInt8.self)
    }

    /// The byte behind white space, which is passed over.
    @inline(__always)
    mutating func visibleByte() throws(JSONFault) -> UInt8 {
        if position < end {
            let byte = base.load(fromByteOffset: position, as: UInt8.self)
            if byte > JSONByte.space { return byte }
        }
        skipSpace()
        return try byte()
    }

    /// Passes over white space.
    mutating func skipSpace() {
        while position < end {
            switch base.load(fromByteOffset: position, as: UInt8.self) {
            case JSONByte.space, JSONByte.tab, JSONByte.lineFeed, JSONByte.carriageReturn: position &+= 1
            default: return
            }
        }
    }

    /// An error about the byte at the position.
    func fault(_ text: StaticString) -> JSONFault { JSONFault(.corrupted, text, position: position) }
}
