extension CBORReader {
    /// A map of properties while it is being read.
    public struct Fields {
        /// The entries that are not read yet; negative where a break ends the map.
        var left: Int
        /// The names of the properties in the order in which they are asked for, with a zero byte behind each.
        let names: StaticString
        /// One bit per fingerprint of the keys that no property has.
        var strangers: UInt64 = 0
    }

    /// Begins a map of properties.
    public mutating func _openFields(_ names: StaticString) throws(CBORFault) -> Fields {
        let count = try openContainer(CBORMajor.map)
        depth &+= 1
        return Fields(left: count ?? -1, names: names)
    }

    /// Passes over the key of a property, if that is the next one of the properties that are left.
    ///
    /// - Returns: False if the property is missing, or comes later than it should: then ``_closeFields(_:)`` finds it.
    @usableFromInline
    mutating func find(_ name: StaticString, _ index: Int, in fields: inout Fields) throws(CBORFault) -> Bool {
        let length = name.utf8CodeUnitCount
        if fields.left > 0, length < 24, end &- position > length, let base {
            let key = base + position
            if key.load(as: UInt8.self) == CBORMajor.text << 5 | UInt8(truncatingIfNeeded: length),
                CBORKeyBytes.equal(
                    UnsafeRawBufferPointer(start: key + 1, count: length),
                    UnsafeRawBufferPointer(start: name.utf8Start, count: length))
            {
                position &+= length &+ 1
                fields.left &-= 1
                return true
            }
        }
        return try search(index, in: &fields)
    }

    /// Passes over keys that no property has, up to one that a property has.
    @inline(never)
    private mutating func search(_ index: Int, in fields: inout Fields) throws(CBORFault) -> Bool {
        while try hasEntry(&fields) {
            let start = position
            let entry = try CBORMapEntry(from: &self, depth: depth)
            // Integers and text in chunks may be names, too.
            guard case .text(let offset, let count) = entry.key else { throw .unsure }
            if let found = Self.index(of: bytes(at: offset, count: count), in: fields.names) {
                // What belongs before may have been taken for missing, or is there twice.
                guard found >= index else { throw .unsure }
                if found > index {
                    position = start
                    return false
                }
                if fields.left > 0 { fields.left &-= 1 }
                return true
            }
            try passStranger(entry, in: &fields)
        }
        return false
    }

    /// True if an entry follows; a break is passed over.
    private mutating func hasEntry(_ fields: inout Fields) throws(CBORFault) -> Bool {
        guard fields.left < 0 else { return fields.left > 0 }
        guard try readBreak() else { return true }
        fields.left = 0
        return false
    }

    /// Passes over the value of a key that no property has, unless the key may have been there before.
    private mutating func passStranger(_ entry: CBORMapEntry, in fields: inout Fields) throws(CBORFault) {
        let bit: UInt64 = 1 << entry.fingerprint(self)
        guard fields.strangers & bit == 0 else { throw .unsure }
        fields.strangers |= bit
        try skip(depth: depth)
        if fields.left > 0 { fields.left &-= 1 }
    }

    /// The place of a name among names that have a zero byte behind each.
    static func index(of key: UnsafeRawBufferPointer, in names: StaticString) -> Int? {
        var index = 0
        var start = 0
        for place in 0..<names.utf8CodeUnitCount where names.utf8Start[place] == 0 {
            let name = UnsafeRawBufferPointer(start: names.utf8Start + start, count: place &- start)
            if CBORKeyBytes.equal(key, name) { return index }
            start = place &+ 1
            index &+= 1
        }
        return nil
    }

    /// Ends a map of properties.
    public mutating func _closeFields(_ fields: inout Fields) throws(CBORFault) {
        if fields.left != 0, try search(.max, in: &fields) { throw .unsure }
        depth &-= 1
    }

    /// Begins the value of an enumeration: a map with the name of one case, and in it what belongs to the case.
    ///
    /// - Returns: The place of the case among the names.
    public mutating func _openCase(_ names: StaticString) throws(CBORFault) -> Int {
        guard try openContainer(CBORMajor.map) == 1 else { throw .unsure }
        depth &+= 1
        let head = try head()
        guard head.major == CBORMajor.text, !head.isIndefinite,
            let index = Self.index(of: try take(head.argument), in: names)
        else { throw .unsure }
        return index
    }

    /// Ends the value of an enumeration.
    public mutating func _closeCase(_ fields: inout Fields) throws(CBORFault) {
        try _closeFields(&fields)
        depth &-= 1
    }

    /// The error for a value that its type refuses.
    public var _refused: CBORFault { .unsure }
}
