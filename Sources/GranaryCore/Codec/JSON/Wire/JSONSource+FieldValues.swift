// Inlinable where what is read depends on the type of the property. The closures are never called: they tell which type
// the property has, for macros do not know it.
extension JSONSource {
    /// Reads the value of a property.
    @inlinable
    public func _value<Owner, Value: Coded>(
        _ name: StaticString, in fields: inout Fields, _: (Owner) -> Value
    ) throws(JSONFault) -> Value {
        try coded(name, in: &fields)
    }

    /// Reads the value of a property whose type `Codable` puts together.
    @_disfavoredOverload
    public func _value<Owner, Value: Decodable>(
        _ name: StaticString, in fields: inout Fields, _: (Owner) -> Value
    ) throws(JSONFault) -> Value {
        try codable(name, in: &fields)
    }

    /// Reads the value of a property that may be left out, and whose type `Codable` puts together.
    @_disfavoredOverload
    public func _value<Owner, Value: Decodable>(
        _ name: StaticString, in fields: inout Fields, _: (Owner) -> Value?
    ) throws(JSONFault) -> Value? {
        try codableIfPresent(name, in: &fields)
    }

    /// Reads a value of an enumeration's case.
    @inlinable
    public func _value<Value: Coded>(
        _ name: StaticString, in fields: inout Fields
    ) throws(JSONFault) -> Value {
        try coded(name, in: &fields)
    }

    /// Reads a value of an enumeration's case whose type `Codable` puts together.
    @_disfavoredOverload
    public func _value<Value: Decodable>(
        _ name: StaticString, in fields: inout Fields
    ) throws(JSONFault) -> Value {
        try codable(name, in: &fields)
    }

    /// Reads a value of an enumeration's case that may be left out.
    @inlinable
    public func _optional<Value: Coded>(
        _ name: StaticString, in fields: inout Fields
    ) throws(JSONFault) -> Value? {
        try coded(name, in: &fields)
    }

    /// Reads a value of an enumeration's case that may be left out, and whose type `Codable` puts together.
    @_disfavoredOverload
    public func _optional<Value: Decodable>(
        _ name: StaticString, in fields: inout Fields
    ) throws(JSONFault) -> Value? {
        try codableIfPresent(name, in: &fields)
    }

    @inlinable
    @inline(__always)
    func coded<Value: Coded>(
        _ name: StaticString, in fields: inout Fields
    ) throws(JSONFault) -> Value {
        let index = try find(name, in: &fields)
        if index != 0 { return try Value._readJSON(index, of: self) }
        guard let absent = Value._absent else { throw JSONFault.unsure }
        return absent
    }

    private func codable<Value: Decodable>(
        _ name: StaticString, in fields: inout Fields
    ) throws(JSONFault) -> Value {
        let index = try find(name, in: &fields)
        guard index != 0 else { throw JSONFault.unsure }
        return try codable(index)
    }

    private func codableIfPresent<Value: Decodable>(
        _ name: StaticString, in fields: inout Fields
    ) throws(JSONFault) -> Value? {
        let index = try find(name, in: &fields)
        return index == 0 || isNull(index) ? nil : try codable(index)
    }

    /// Reads a value that `Codable` puts together, unless its type turns out to be one that reads itself.
    ///
    /// Its coding path begins here. Errors are not seen: `Codable` reads the whole once more to find them.
    private func codable<Value: Decodable>(_ index: Int) throws(JSONFault) -> Value {
        if let coded = CodedTypes.find(Value.self).json {
            return try CodedTypes.readJSON(Value.self, as: coded, index, of: self)
        }
        let session = JSONDecodingSession(source: self, coded: .orNothing)
        defer { session.close() }
        do {
            let value = try Value(from: JSONValueDecoder(session: session, node: index, parent: nil, key: nil))
            if session.hasGivenUp { throw JSONFault.unsure }
            return value
        } catch {
            throw JSONFault.unsure
        }
    }
}
