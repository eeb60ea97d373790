extension CBORWriter {
    /// An array, a map or an object that is being written.
    public struct Container {
        /// Where it begins.
        @usableFromInline let head: Int
        /// How many elements or entries it has so far.
        @usableFromInline var count = 0

        @usableFromInline
        init(head: Int) { self.head = head }
    }

    /// Goes one array or map deeper.
    @inline(__always)
    private mutating func deepen() -> Bool {
        guard depth < maximumDepth else { return false }
        depth &+= 1
        return true
    }

    /// Begins an array, whose head is one byte that is set right at the end.
    public mutating func _openArray() throws(CBORFault) -> Container {
        guard deepen() else { throw CBORFault.tooDeep }
        write(byte: CBORMajor.array << 5)
        return Container(head: count &- 1)
    }

    /// Ends an array: up to 23 elements fit the head as a count, more turn it into an array of indefinite length.
    public mutating func _closeArray(_ array: Container) {
        close(array, CBORMajor.array << 5, indefinite: CBORByte.indefiniteArray)
    }

    /// Begins a map, whose head is one byte that is set right at the end.
    public mutating func _openMap() throws(CBORFault) -> Container {
        guard deepen() else { throw CBORFault.tooDeep }
        write(byte: CBORByte.emptyMap)
        return Container(head: count &- 1)
    }

    /// Ends a map, as an array is ended.
    public mutating func _closeMap(_ map: Container) {
        close(map, CBORMajor.map << 5, indefinite: CBORByte.indefiniteMap)
    }

    private mutating func close(_ container: Container, _ definite: UInt8, indefinite: UInt8) {
        depth &-= 1
        if container.count < 24 {
            patch(container.head, definite | UInt8(truncatingIfNeeded: container.count))
        } else {
            patch(container.head, indefinite)
            write(byte: CBORByte.break)
        }
    }

    /// Appends a key that no value has: one of the source code.
    @usableFromInline
    mutating func write(name: StaticString) {
        let length = name.utf8CodeUnitCount
        writeHead(CBORMajor.text, UInt64(truncatingIfNeeded: length))
        write(raw: UnsafeRawBufferPointer(start: name.utf8Start, count: length))
    }

    /// Begins the value of an enumeration's case: a map with the case's name, and in it a map of what belongs to it.
    public mutating func _openCase(_ name: StaticString) throws(CBORFault) -> Container {
        guard deepen() else { throw CBORFault.tooDeep }
        write(byte: CBORByte.emptyMap | 1)
        write(name: name)
        return try _openMap()
    }

    /// Ends the value of an enumeration's case.
    public mutating func _closeCase(_ values: Container) {
        _closeMap(values)
        depth &-= 1
    }

    // Inlinable, because what is written depends on the type of the property.

    /// Appends a property, unless it is left out.
    @inlinable
    public mutating func _write<Value: Coded>(
        _ name: StaticString, _ value: Value, in map: inout Container
    ) throws(CBORFault) {
        if value._isAbsent { return }
        map.count &+= 1
        write(name: name)
        try value._write(to: &self)
    }

    /// Appends a property whose type `Codable` takes apart.
    @_disfavoredOverload
    public mutating func _write<Value: Encodable>(
        _ name: StaticString, _ value: Value, in map: inout Container
    ) throws(CBORFault) {
        map.count &+= 1
        write(name: name)
        try writeCodable(value)
    }

    /// Appends a property whose type `Codable` takes apart, unless it is left out.
    @_disfavoredOverload
    public mutating func _write<Value: Encodable>(
        _ name: StaticString, _ value: Value?, in map: inout Container
    ) throws(CBORFault) {
        if let value { try _write(name, value, in: &map) }
    }

    /// Appends a value that `Codable` takes apart, unless its type turns out to be one that writes itself.
    private mutating func writeCodable<Value: Encodable>(_ value: Value) throws(CBORFault) {
        if let coded = CodedTypes.find(Value.self).coded {
            return try CodedTypes.write(value, as: coded, to: &self)
        }
        let depth = depth
        let session = CBOREncodingSession(taking: &self, coded: .orNothing)
        let root = CBORValueEncoder(session: session, parent: nil, key: nil, level: 0, depth: depth)
        defer {
            self = session.takeBytes()
            self.depth = depth
        }
        do {
            try value.encode(to: root)
            try root.finish()
        } catch {
            throw CBORFault.unsure
        }
        if session.log.failure != nil { throw CBORFault.unsure }
    }
}
