// Inlinable where what is read depends on the type of the property. The closures are never called: they tell which type
// the property has, for macros do not know it.
extension CBORReader {
    /// Reads the value of a property.
    @inlinable
    public mutating func _value<Owner, Value: Coded>(
        _ name: StaticString, _ index: Int, in fields: inout Fields, _: (Owner) -> Value
    ) throws(CBORFault) -> Value {
        try coded(name, index, in: &fields)
    }

    /// Reads the value of a property whose type `Codable` puts together.
    @_disfavoredOverload
    public mutating func _value<Owner, Value: Decodable>(
        _ name: StaticString, _ index: Int, in fields: inout Fields, _: (Owner) -> Value
    ) throws(CBORFault) -> Value {
        try codable(name, index, in: &fields)
    }

    /// Reads the value of a property that may be left out, and whose type `Codable` puts together.
    @_disfavoredOverload
    public mutating func _value<Owner, Value: Decodable>(
        _ name: StaticString, _ index: Int, in fields: inout Fields, _: (Owner) -> Value?
    ) throws(CBORFault) -> Value? {
        try codableIfPresent(name, index, in: &fields)
    }

    /// Reads a value of an enumeration's case.
    @inlinable
    public mutating func _value<Value: Coded>(
        _ name: StaticString, _ index: Int, in fields: inout Fields
    ) throws(CBORFault) -> Value {
        try coded(name, index, in: &fields)
    }

    /// Reads a value of an enumeration's case whose type `Codable` puts together.
    @_disfavoredOverload
    public mutating func _value<Value: Decodable>(
        _ name: StaticString, _ index: Int, in fields: inout Fields
    ) throws(CBORFault) -> Value {
        try codable(name, index, in: &fields)
    }

    /// Reads a value of an enumeration's case that may be left out.
    @inlinable
    public mutating func _optional<Value: Coded>(
        _ name: StaticString, _ index: Int, in fields: inout Fields
    ) throws(CBORFault) -> Value? {
        try coded(name, index, in: &fields)
    }

    /// Reads a value of an enumeration's case that may be left out, and whose type `Codable` puts together.
    @_disfavoredOverload
    public mutating func _optional<Value: Decodable>(
        _ name: StaticString, _ index: Int, in fields: inout Fields
    ) throws(CBORFault) -> Value? {
        try codableIfPresent(name, index, in: &fields)
    }

    @inlinable
    @inline(__always)
    mutating func coded<Value: Coded>(
        _ name: StaticString, _ index: Int, in fields: inout Fields
    ) throws(CBORFault) -> Value {
        if try find(name, index, in: &fields) { return try Value._read(from: &self) }
        guard let absent = Value._absent else { throw CBORFault.unsure }
        return absent
    }

    private mutating func codable<Value: Decodable>(
        _ name: StaticString, _ index: Int, in fields: inout Fields
    ) throws(CBORFault) -> Value {
        guard try find(name, index, in: &fields) else { throw CBORFault.unsure }
        return try codable()
    }

    private mutating func codableIfPresent<Value: Decodable>(
        _ name: StaticString, _ index: Int, in fields: inout Fields
    ) throws(CBORFault) -> Value? {
        guard try find(name, index, in: &fields), try !readNull() else { return nil }
        return try codable()
    }

    /// Reads a value that `Codable` puts together, unless its type turns out to be one that reads itself.
    ///
    /// Its coding path begins here. Errors are not seen: `Codable` reads the whole once more to find them.
    private mutating func codable<Value: Decodable>() throws(CBORFault) -> Value {
        if let coded = CodedTypes.find(Value.self).coded {
            return try CodedTypes.read(Value.self, as: coded, from: &self)
        }
        let session = CBORDecodingSession(reader: self, coded: .orNothing)
        defer { session.close() }
        let root = CBORValueDecoder(session: session, start: position, parent: nil, key: nil, level: 0, depth: depth)
        do {
            let value = try Value(from: root)
            position = try root.finish()
            if session.failure != nil { throw CBORFault.unsure }
            return value
        } catch {
            throw CBORFault.unsure
        }
    }
}
