extension CBORWriter {
    /// Begins an object; its brace comes with the first entry.
    public mutating func _openObject() throws(JSONFault) -> Container { try openJSON() }

    @inline(__always)
    private mutating func openJSON() throws(JSONFault) -> Container {
        guard depth < maximumDepth else {
            throw JSONFault(.unwritable, "arrays and objects are nested too deeply")
        }
        depth &+= 1
        return Container(head: count)
    }

    /// Ends an object: the comma before its first entry becomes the brace.
    public mutating func _closeObject(_ object: Container) {
        closeJSON(object, JSONByte.openObject, JSONByte.closeObject)
    }

    @inline(__always)
    private mutating func closeJSON(_ container: Container, _ open: UInt8, _ close: UInt8) {
        depth &-= 1
        if container.count == 0 { write(byte: open) } else { patch(container.head, open) }
        write(byte: close)
    }

    /// Begins an array; its bracket comes with the first element.
    @usableFromInline
    mutating func _openJSONArray() throws(JSONFault) -> Container { try openJSON() }

    /// Appends what stands before an element.
    @usableFromInline
    mutating func _writeJSONElement(in array: inout Container) {
        array.count &+= 1
        write(byte: JSONByte.comma)
    }

    /// Ends an array: the comma before its first element becomes the bracket.
    @usableFromInline
    mutating func _closeJSONArray(_ array: Container) {
        closeJSON(array, JSONByte.openArray, JSONByte.closeArray)
    }

    /// Appends what stands before the value of an entry.
    @usableFromInline
    mutating func _writeJSONName(_ name: String, in object: inout Container) {
        object.count &+= 1
        write(byte: JSONByte.comma)
        write(jsonText: name)
        write(byte: JSONByte.colon)
    }

    /// Begins the value of an enumeration's case: an object with the case's name, and in it an object of what belongs to
    /// it.
    ///
    /// The prefix is the name as it stands in an object, with the comma before it and the colon behind it.
    public mutating func _openCase(prefix: StaticString) throws(JSONFault) -> Container {
        let outer = try openJSON()
        write(ascii: prefix)
        patch(outer.head, JSONByte.openObject)
        return try openJSON()
    }

    /// Ends the value of an enumeration's case.
    public mutating func _closeCase(object values: Container) {
        _closeObject(values)
        write(byte: JSONByte.closeObject)
        depth &-= 1
    }

    // Inlinable, because what is written depends on the type of the property.

    /// Appends a property, unless it is left out.
    ///
    /// The prefix is the name as it stands in an object, with the comma before it and the colon behind it.
    @inlinable
    public mutating func _write<Value: Coded>(
        prefix: StaticString, _ value: Value, in object: inout Container
    ) throws(JSONFault) {
        if value._isAbsent { return }
        object.count &+= 1
        write(ascii: prefix)
        try value._writeJSON(to: &self)
    }

    /// Appends a property whose type `Codable` takes apart.
    @_disfavoredOverload
    public mutating func _write<Value: Encodable>(
        prefix: StaticString, _ value: Value, in object: inout Container
    ) throws(JSONFault) {
        object.count &+= 1
        write(ascii: prefix)
        try writeCodableJSON(value)
    }

    /// Appends a property whose type `Codable` takes apart, unless it is left out.
    @_disfavoredOverload
    public mutating func _write<Value: Encodable>(
        prefix: StaticString, _ value: Value?, in object: inout Container
    ) throws(JSONFault) {
        if let value { try _write(prefix: prefix, value, in: &object) }
    }

    /// Appends a value that `Codable` takes apart, unless its type turns out to be one that writes itself.
    private mutating func writeCodableJSON<Value: Encodable>(_ value: Value) throws(JSONFault) {
        if let coded = CodedTypes.find(Value.self).json {
            return try CodedTypes.writeJSON(value, as: coded, to: &self)
        }
        let depth = depth
        let session = CBOREncodingSession(taking: &self, coded: .orNothing)
        let root = JSONValueEncoder(session: session, parent: nil, key: nil, level: 0, depth: depth)
        defer {
            self = session.takeBytes()
            self.depth = depth
        }
        do {
            try value.encode(to: root)
            try root.finish()
        } catch {
            throw JSONFault.unsure
        }
        if session.log.failure != nil { throw JSONFault.unsure }
    }
}
