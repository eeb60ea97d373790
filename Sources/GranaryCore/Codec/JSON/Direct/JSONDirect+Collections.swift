extension JSONDirect {
    /// Appends an array.
    static func writeJSON(elements: [Self], to writer: inout CBORWriter) throws(JSONFault) {
        writer.write(byte: JSONByte.openArray)
        var isFirst = true
        for element in elements {
            if !isFirst { writer.write(byte: JSONByte.comma) }
            isFirst = false
            try element.writeJSON(to: &writer)
        }
        writer.write(byte: JSONByte.closeArray)
    }

    /// Reads an array.
    static func readElements(_ index: Int, of source: JSONSource) throws(JSONFault) -> [Self] {
        let array = try source.open(.array, index)
        var elements: [Self] = []
        // An element may be many times larger than its byte of text.
        elements.reserveCapacity(min(Int(array.count), 1024))
        var place = index &+ 1
        for _ in 0..<array.count {
            elements.append(try read(place, of: source))
            place = source.next(place)
        }
        return elements
    }

    /// Appends an object.
    static func writeJSON(entries: [String: Self], to writer: inout CBORWriter) throws(JSONFault) {
        writer.write(byte: JSONByte.openObject)
        var isFirst = true
        for (key, value) in entries {
            if !isFirst { writer.write(byte: JSONByte.comma) }
            isFirst = false
            writer.write(jsonText: key)
            writer.write(byte: JSONByte.colon)
            try value.writeJSON(to: &writer)
        }
        writer.write(byte: JSONByte.closeObject)
    }

    /// Reads an object; the last of several entries with one key counts.
    static func readEntries(_ index: Int, of source: JSONSource) throws(JSONFault) -> [String: Self] {
        let object = try source.open(.object, index)
        var entries = [String: Self](minimumCapacity: min(Int(object.count), 1024))
        var place = index &+ 1
        for _ in 0..<object.count {
            entries[source.text(source.node(place))] = try read(place &+ 1, of: source)
            place = source.next(place &+ 1)
        }
        return entries
    }
}

extension Optional: JSONDirect where Wrapped: JSONDirect {
    @inline(__always)
    func writeJSON(to writer: inout CBORWriter) throws(JSONFault) {
        if let self { try self.writeJSON(to: &writer) } else { writer.write(ascii: "null") }
    }

    @inline(__always)
    static func read(_ index: Int, of source: JSONSource) throws(JSONFault) -> Wrapped? {
        source.isNull(index) ? nil : try Wrapped.read(index, of: source)
    }
}

extension Array: JSONDirect where Element: JSONDirect {
    func writeJSON(to writer: inout CBORWriter) throws(JSONFault) {
        try Element.writeJSON(elements: self, to: &writer)
    }

    static func read(_ index: Int, of source: JSONSource) throws(JSONFault) -> [Element] {
        try Element.readElements(index, of: source)
    }
}

extension Dictionary: JSONDirect where Key == String, Value: JSONDirect {
    func writeJSON(to writer: inout CBORWriter) throws(JSONFault) {
        try Value.writeJSON(entries: self, to: &writer)
    }

    static func read(_ index: Int, of source: JSONSource) throws(JSONFault) -> [String: Value] {
        try Value.readEntries(index, of: source)
    }
}
