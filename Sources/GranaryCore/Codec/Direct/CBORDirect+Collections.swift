extension Optional: CBORDirect where Wrapped: CBORDirect {
    @inline(__always)
    func write(to writer: inout CBORWriter) {
        if let self { self.write(to: &writer) } else { writer.write(byte: CBORByte.null) }
    }

    @inline(__always)
    static func read(from reader: inout CBORReader) throws(CBORFault) -> Wrapped? {
        try reader.readNull() ? nil : try Wrapped.read(from: &reader)
    }
}

extension Array: CBORDirect where Element: CBORDirect {
    @inline(__always)
    func write(to writer: inout CBORWriter) {
        // Same type, so the cast changes nothing.
        if Element.self == UInt8.self { return unsafeBitCast(self, to: [UInt8].self).writeBytes(to: &writer) }
        writer.writeHead(CBORMajor.array, UInt64(truncatingIfNeeded: count))
        for element in self { element.write(to: &writer) }
    }

    @inline(__always)
    static func read(from reader: inout CBORReader) throws(CBORFault) -> [Element] {
        // Same type, so the cast changes nothing.
        if Element.self == UInt8.self { return unsafeBitCast(try [UInt8].readBytes(from: &reader), to: [Element].self) }
        return try readElements(from: &reader)
    }

    /// Reads elements; no more memory is reserved than the bytes that are left can fill.
    fileprivate static func readElements(from reader: inout CBORReader) throws(CBORFault) -> [Element] {
        var elements: [Element] = []
        guard let count = try reader.openContainer(CBORMajor.array) else {
            while try !reader.readBreak() { elements.append(try Element.read(from: &reader)) }
            return elements
        }
        // The count is within what is left, but an element may be many times larger than its one byte.
        elements.reserveCapacity(Swift.min(count, 1024))
        for _ in 0..<count { elements.append(try Element.read(from: &reader)) }
        return elements
    }
}

extension [UInt8] {
    /// Appends a byte string.
    func writeBytes(to writer: inout CBORWriter) {
        writer.writeHead(CBORMajor.bytes, UInt64(truncatingIfNeeded: count))
        withUnsafeBytes { bytes in writer.write(raw: bytes) }
    }

    /// Reads a byte string, or an array of small numbers.
    static func readBytes(from reader: inout CBORReader) throws(CBORFault) -> [UInt8] {
        let start = reader.position
        let head = try reader.untaggedHead()
        if head.major == CBORMajor.bytes { return try reader.string(head) }
        reader.position = start
        return try readElements(from: &reader)
    }
}
