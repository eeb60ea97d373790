extension JSONValueDecoder {
    /// The node of a key's value, or `nil` if the object lacks the key.
    @inline(__always)
    private func find(_ key: some CodingKey) -> Int? {
        // Keys are foreign code, which must have run before the object is used.
        let name = key.stringValue
        return object?.find(name, source)
    }

    private func missing(_ key: some CodingKey, _ type: Any.Type) -> DecodingError {
        located(JSONFault(.missingKey, "a key is missing"), type, at: nil, key)
    }

    /// Reads a value that the codec reads itself.
    @inline(__always)
    func direct<Key: CodingKey, Value: _JSONCoded>(_ type: Value.Type, for key: Key) throws -> Value {
        guard let value = find(key) else { throw missing(key, type) }
        do throws(JSONFault) {
            return try Value._readJSON(value, of: source)
        } catch {
            throw located(error, type, at: value, key)
        }
    }

    /// Reads a value that the codec reads itself, unless it is missing or `null`.
    @inline(__always)
    func directIfPresent<Key: CodingKey, Value: _JSONCoded>(_ type: Value.Type, for key: Key) throws -> Value? {
        guard let value = find(key) else { return nil }
        do throws(JSONFault) {
            return try Value?._readJSON(value, of: source)
        } catch {
            throw located(error, type, at: value, key)
        }
    }

    /// Reads a value.
    func value<Key: CodingKey, Value: Decodable>(_ type: Value.Type, for key: Key) throws -> Value {
        guard let value = find(key) else { throw missing(key, type) }
        return try read(type, at: value, key)
    }

    /// Reads a value, unless it is missing or `null`.
    func valueIfPresent<Key: CodingKey, Value: Decodable>(_ type: Value.Type, for key: Key) throws -> Value? {
        guard let value = find(key), !source.isNull(value) else { return nil }
        return try read(type, at: value, key)
    }

    /// True if a key's value is `null`.
    func isNull(_ key: some CodingKey) throws -> Bool {
        guard let value = find(key) else { throw missing(key, Any.self) }
        return source.isNull(value)
    }

    /// A decoder for a key's value.
    func nested(_ key: some CodingKey) throws -> JSONValueDecoder {
        guard let value = find(key) else { throw missing(key, Any.self) }
        return try child(value, key)
    }

    /// A decoder for the part of a superclass, which may be missing.
    func nestedSuper(_ key: some CodingKey) throws -> JSONValueDecoder {
        try child(find(key) ?? source.absent, key)
    }

    /// The keys of the object that are keys of a Swift type.
    func allKeys<Key: CodingKey>(_: Key.Type) -> [Key] {
        let source = source
        var names: [String] = []
        object?.forEachKey(source) { node in names.append(source.text(node)) }
        return names.compactMap { Key(stringValue: $0) }
    }

    /// True if the object has a key.
    func contains(_ key: some CodingKey) -> Bool { find(key) != nil }
}
