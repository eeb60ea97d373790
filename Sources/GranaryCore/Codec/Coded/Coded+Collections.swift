// Inlinable, because the loops are to be specialised for the element types of other modules: unspecialised they would
// cost a third of the time of an array of small structs.
extension Coded {
    /// Appends an array of items.
    @inlinable
    public static func _write(elements: [Self], to writer: inout CBORWriter) throws(CBORFault) {
        if _isLeaf {
            writer.writeHead(CBORMajor.array, UInt64(truncatingIfNeeded: elements.count))
            for element in elements { try element._write(to: &writer) }
            return
        }
        var array = try writer._openArray()
        for element in elements { try element._write(to: &writer) }
        array.count = elements.count
        writer._closeArray(array)
    }

    /// Reads an array of items.
    @inlinable
    public static func _readElements(from reader: inout CBORReader) throws(CBORFault) -> [Self] {
        var elements: [Self] = []
        let count = try reader.openContainer(CBORMajor.array)
        reader.depth &+= 1
        if let count {
            // The count is within what is left, but an element may be many times larger than its one byte.
            elements.reserveCapacity(min(count, 1024))
            for _ in 0..<count { elements.append(try _read(from: &reader)) }
        } else {
            while try !reader.readBreak() { elements.append(try _read(from: &reader)) }
        }
        reader.depth &-= 1
        return elements
    }

    /// Appends a map.
    @inlinable
    public static func _write(entries: [String: Self], to writer: inout CBORWriter) throws(CBORFault) {
        if _isLeaf {
            writer.writeHead(CBORMajor.map, UInt64(truncatingIfNeeded: entries.count))
            for (key, value) in entries {
                writer.write(text: key)
                try value._write(to: &writer)
            }
            return
        }
        var map = try writer._openMap()
        for (key, value) in entries {
            writer.write(text: key)
            try value._write(to: &writer)
        }
        map.count = entries.count
        writer._closeMap(map)
    }

    /// Reads a map.
    @inlinable
    public static func _readEntries(from reader: inout CBORReader) throws(CBORFault) -> [String: Self] {
        var entries: [String: Self] = [:]
        var left = try reader.openContainer(CBORMajor.map) ?? -1
        reader.depth &+= 1
        entries.reserveCapacity(min(max(left, 0), 1024))
        while left < 0 ? try !reader.readBreak() : left > 0 {
            // Another kind of key belongs to nobody here, and its value may be anything.
            if let key = try reader.entryName() {
                if entries.updateValue(try _read(from: &reader), forKey: key) != nil {
                    throw CBORFault.duplicateKey
                }
            } else {
                try reader.skip(depth: reader.depth)
            }
            if left > 0 { left &-= 1 }
        }
        reader.depth &-= 1
        return entries
    }
}

extension Optional: Coded where Wrapped: Coded {
    /// Appends the value as one item.
    @inlinable
    public func _write(to writer: inout CBORWriter) throws(CBORFault) {
        if let self { try self._write(to: &writer) } else { writer.write(byte: CBORByte.null) }
    }

    /// Reads one item.
    @inlinable
    public static func _read(from reader: inout CBORReader) throws(CBORFault) -> Wrapped? {
        try reader.readNull() ? nil : try Wrapped._read(from: &reader)
    }

    /// True if a property with this value is left out.
    @inlinable public var _isAbsent: Bool { self == nil }
    /// The value of a property that is left out.
    @inlinable public static var _absent: Wrapped?? { .some(nil) }
}

extension Array: Coded where Element: Coded {
    /// Appends the value as one item.
    @inlinable
    public func _write(to writer: inout CBORWriter) throws(CBORFault) {
        try Element._write(elements: self, to: &writer)
    }

    /// Reads one item.
    @inlinable
    public static func _read(from reader: inout CBORReader) throws(CBORFault) -> [Element] {
        try Element._readElements(from: &reader)
    }
}

extension Dictionary: Coded where Key == String, Value: Coded {
    /// Appends the value as one item.
    @inlinable
    public func _write(to writer: inout CBORWriter) throws(CBORFault) {
        try Value._write(entries: self, to: &writer)
    }

    /// Reads one item.
    @inlinable
    public static func _read(from reader: inout CBORReader) throws(CBORFault) -> [String: Value] {
        try Value._readEntries(from: &reader)
    }
}
