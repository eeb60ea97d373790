extension JSONSource {
    /// An object of properties while it is being read.
    public struct Fields {
        /// The key of the first entry.
        let first: Int
        /// Behind the last entry.
        let end: Int
        /// The number of entries.
        let count: Int
        /// The key behind the one that was found last.
        var cursor: Int
        /// The number of entries that were found.
        var found = 0
    }

    /// More entries than this are left to `Codable`, unless their order is that of the properties: it has a hash table.
    private static var searchLimit: Int { 64 }

    /// Begins an object of properties.
    public func _openFields(_ index: Int) throws(JSONFault) -> Fields {
        let object = try open(.object, index)
        return Fields(first: index &+ 1, end: Int(object.next), count: Int(object.count), cursor: index &+ 1)
    }

    /// The node of a property's value, or 0 if it is missing.
    @usableFromInline
    func find(_ name: StaticString, in fields: inout Fields) throws(JSONFault) -> Int {
        let key = fields.cursor
        if key < fields.end, isKey(key, name) { return found(key, &fields) }
        return try search(name, in: &fields)
    }

    @inline(__always)
    private func isKey(_ index: Int, _ name: StaticString) -> Bool {
        isKey(index, UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    @inline(__always)
    private func found(_ key: Int, _ fields: inout Fields) -> Int {
        fields.cursor = next(key &+ 1)
        fields.found &+= 1
        return key &+ 1
    }

    /// Looks at all entries from the cursor on, and then at those before it: databases have an order of their own.
    @inline(never)
    private func search(_ name: StaticString, in fields: inout Fields) throws(JSONFault) -> Int {
        guard fields.count <= Self.searchLimit else { throw JSONFault.unsure }
        var key = fields.cursor
        for _ in 0..<fields.count {
            if key >= fields.end { key = fields.first }
            if isKey(key, name) { return found(key, &fields) }
            key = next(key &+ 1)
        }
        return 0
    }

    /// Ends an object of properties.
    ///
    /// Of several entries with one key the last counts, and another may have been found. If all entries were found, there
    /// are none.
    public func _closeFields(_ fields: Fields, _ names: StaticString) throws(JSONFault) {
        guard fields.found < fields.count else { return }
        var known = 0
        var key = fields.first
        while key < fields.end {
            if withKey(key, { CBORReader.index(of: $0, in: names) }) != nil { known &+= 1 }
            key = next(key &+ 1)
        }
        if known > fields.found { throw JSONFault.unsure }
    }

    /// Begins the value of an enumeration: an object with the name of one case, and in it what belongs to the case.
    ///
    /// - Returns: The place of the case among the names.
    public func _openCase(_ index: Int, _ names: StaticString) throws(JSONFault) -> Int {
        guard try open(.object, index).count == 1,
            let place = withKey(index &+ 1, { CBORReader.index(of: $0, in: names) })
        else { throw JSONFault.unsure }
        return place
    }

    /// The error for a value that its type refuses.
    public var _refused: JSONFault { .unsure }
}
