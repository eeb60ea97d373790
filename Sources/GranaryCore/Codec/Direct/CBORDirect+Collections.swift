extension CBORDirect {
    /// Appends an array of items.
    static func write(elements: [Self], to writer: inout CBORWriter) {
        writer.writeHead(CBORMajor.array, UInt64(truncatingIfNeeded: elements.count))
        for element in elements { element.write(to: &writer) }
    }

    /// Reads an array of items.
    static func readElements(from reader: inout CBORReader) throws(CBORFault) -> [Self] {
        var elements: [Self] = []
        guard let count = try reader.openContainer(CBORMajor.array) else {
            while try !reader.readBreak() { elements.append(try read(from: &reader)) }
            return elements
        }
        // The count is within what is left, but an element may be many times larger than its one byte.
        elements.reserveCapacity(min(count, 1024))
        for _ in 0..<count { elements.append(try read(from: &reader)) }
        return elements
    }

    /// Appends a map.
    static func write(entries: [String: Self], to writer: inout CBORWriter) {
        writer.writeHead(CBORMajor.map, UInt64(truncatingIfNeeded: entries.count))
        for (key, value) in entries {
            writer.write(text: key)
            value.write(to: &writer)
        }
    }

    /// Reads a map.
    static func readEntries(from reader: inout CBORReader) throws(CBORFault) -> [String: Self] {
        var entries: [String: Self] = [:]
        guard let count = try reader.openContainer(CBORMajor.map) else {
            while try !reader.readBreak() { try readEntry(of: &entries, from: &reader) }
            return entries
        }
        entries.reserveCapacity(min(count, 1024))
        for _ in 0..<count { try readEntry(of: &entries, from: &reader) }
        return entries
    }

    @inline(__always)
    private static func readEntry(
        of entries: inout [String: Self], from reader: inout CBORReader
    ) throws(CBORFault) {
        let entry = try CBORMapEntry(from: &reader, depth: reader.depth + 1)
        // Another kind of key belongs to nobody here, and its value may be anything.
        guard let key = try entry.name(reader) else { return try reader.skip(depth: reader.depth + 1) }
        let value = try read(from: &reader)
        if entries.updateValue(value, forKey: key) != nil {
            throw CBORFault(.duplicateKey, "a map has the same key twice")
        }
    }
}

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
    func write(to writer: inout CBORWriter) { Element.write(elements: self, to: &writer) }

    static func read(from reader: inout CBORReader) throws(CBORFault) -> [Element] {
        try Element.readElements(from: &reader)
    }
}

extension Dictionary: CBORDirect where Key == String, Value: CBORDirect {
    func write(to writer: inout CBORWriter) { Value.write(entries: self, to: &writer) }

    static func read(from reader: inout CBORReader) throws(CBORFault) -> [String: Value] {
        try Value.readEntries(from: &reader)
    }
}
