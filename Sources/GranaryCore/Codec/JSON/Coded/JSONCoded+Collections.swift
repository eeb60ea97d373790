// Inlinable, because the loops are to be specialised for the element types of other modules.
extension _JSONCoded {
    /// Appends an array.
    @inlinable
    public static func _writeJSON(elements: [Self], to writer: inout CBORWriter) throws(JSONFault) {
        var array = try writer._openJSONArray()
        for element in elements {
            writer._writeJSONElement(in: &array)
            try element._writeJSON(to: &writer)
        }
        writer._closeJSONArray(array)
    }

    /// Reads an array.
    @inlinable
    public static func _readElements(_ index: Int, of source: JSONSource) throws(JSONFault) -> [Self] {
        let array = try source.open(.array, index)
        var elements: [Self] = []
        // An element may be many times larger than its byte of text.
        elements.reserveCapacity(min(Int(array.count), 1024))
        var place = index &+ 1
        for _ in 0..<array.count {
            elements.append(try _readJSON(place, of: source))
            place = source.next(place)
        }
        return elements
    }

    /// Appends an object.
    @inlinable
    public static func _writeJSON(entries: [String: Self], to writer: inout CBORWriter) throws(JSONFault) {
        var object = try writer._openObject()
        for (key, value) in entries {
            writer._writeJSONName(key, in: &object)
            try value._writeJSON(to: &writer)
        }
        writer._closeObject(object)
    }

    /// Reads an object; the last of several entries with one key counts.
    @inlinable
    public static func _readEntries(_ index: Int, of source: JSONSource) throws(JSONFault) -> [String: Self] {
        let object = try source.open(.object, index)
        var entries = [String: Self](minimumCapacity: min(Int(object.count), 1024))
        var place = index &+ 1
        for _ in 0..<object.count {
            entries[source.text(source.node(place))] = try _readJSON(place &+ 1, of: source)
            place = source.next(place &+ 1)
        }
        return entries
    }
}

extension Optional: _JSONCoded where Wrapped: _JSONCoded {
    /// Appends the value.
    @inlinable
    public func _writeJSON(to writer: inout CBORWriter) throws(JSONFault) {
        if let self { try self._writeJSON(to: &writer) } else { writer.write(ascii: "null") }
    }

    /// Reads the value of a node.
    @inlinable
    public static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> Wrapped? {
        source.isNull(index) ? nil : try Wrapped._readJSON(index, of: source)
    }
}

extension Array: _JSONCoded where Element: _JSONCoded {
    /// Appends the value.
    @inlinable
    public func _writeJSON(to writer: inout CBORWriter) throws(JSONFault) {
        try Element._writeJSON(elements: self, to: &writer)
    }

    /// Reads the value of a node.
    @inlinable
    public static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> [Element] {
        try Element._readElements(index, of: source)
    }
}

extension Dictionary: _JSONCoded where Key == String, Value: _JSONCoded {
    /// Appends the value.
    @inlinable
    public func _writeJSON(to writer: inout CBORWriter) throws(JSONFault) {
        try Value._writeJSON(entries: self, to: &writer)
    }

    /// Reads the value of a node.
    @inlinable
    public static func _readJSON(_ index: Int, of source: JSONSource) throws(JSONFault) -> [String: Value] {
        try Value._readEntries(index, of: source)
    }
}
