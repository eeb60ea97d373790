extension CBORValueDecoder {
    /// The offset of a key's value, or `nil` if the map lacks the key.
    @inline(__always)
    private func find(_ key: some CodingKey) throws(CBORFault) -> Int? {
        if nested != nil { try leaveNested() }
        // Keys are foreign code, which must have run before the map is used.
        let (name, number) = (key.stringValue, key.intValue)
        return try map?.find(name, number, elementReader(at: start))
    }

    /// The offset of a key's value.
    @inline(__always)
    private func require(_ key: some CodingKey) throws(CBORFault) -> Int {
        guard let offset = try find(key) else { throw CBORFault(.missingKey, "a key is missing") }
        return offset
    }

    /// Reads a value that the codec reads itself.
    @inline(__always)
    func direct<Key: CodingKey, Value: Coded>(_ type: Value.Type, for key: Key) throws -> Value {
        do throws(CBORFault) {
            let offset = try require(key)
            var reader = elementReader(at: offset)
            let value = try Value._read(from: &reader)
            map?.didRead(offset, end: reader.position)
            return value
        } catch {
            throw located(error, type, key)
        }
    }

    /// Reads a value that the codec reads itself, unless it is missing or `null`.
    @inline(__always)
    func directIfPresent<Key: CodingKey, Value: Coded>(_ type: Value.Type, for key: Key) throws -> Value? {
        do throws(CBORFault) {
            guard let offset = try find(key) else { return nil }
            var reader = elementReader(at: offset)
            let value = try Value?._read(from: &reader)
            map?.didRead(offset, end: reader.position)
            return value
        } catch {
            throw located(error, type, key)
        }
    }

    /// Reads a value.
    func value<Key: CodingKey, Value: Decodable>(_ type: Value.Type, for key: Key) throws -> Value {
        let offset: Int
        do throws(CBORFault) {
            offset = try require(key)
        } catch {
            throw located(error, type, key)
        }
        return try entry(type, key, offset)
    }

    /// Reads a value, unless it is missing or `null`.
    func valueIfPresent<Key: CodingKey, Value: Decodable>(_ type: Value.Type, for key: Key) throws -> Value? {
        let offset: Int
        do throws(CBORFault) {
            guard let found = try find(key) else { return nil }
            offset = found
            var reader = elementReader(at: offset)
            if try reader.readNull() {
                map?.didRead(offset, end: reader.position)
                return nil
            }
        } catch {
            throw located(error, type, key)
        }
        return try entry(type, key, offset)
    }

    /// Reads an entry's value.
    private func entry<Key: CodingKey, Value: Decodable>(
        _ type: Value.Type, _ key: Key, _ offset: Int
    ) throws -> Value {
        var end = offset
        let value = try read(type, at: offset, key, depth: depth &+ 1, end: &end)
        map?.didRead(offset, end: end)
        return value
    }

    /// True if a key's value is `null`.
    func isNull(_ key: some CodingKey) throws -> Bool {
        do throws(CBORFault) {
            var reader = elementReader(at: try require(key))
            return try reader.readNull()
        } catch {
            throw located(error, Any.self, key)
        }
    }

    /// A decoder for a key's value, which may be read later.
    func nested(_ key: some CodingKey) throws -> CBORValueDecoder {
        do throws(CBORFault) {
            let offset = try require(key)
            let child = CBORValueDecoder(
                session: session, start: offset, parent: nil, key: key, level: level + 1, depth: depth + 1,
                outerPath: codingPath)
            nested = child
            return child
        } catch {
            throw located(error, Any.self, key)
        }
    }

    /// The keys of the map that are keys of a Swift type.
    func allKeys<Key: CodingKey>(_: Key.Type) -> [Key] {
        do throws(CBORFault) {
            try leaveNested()
            let reader = elementReader(at: start)
            try map?.walkToEnd(reader)
            var keys: [Key] = []
            for entry in map?.found ?? [] {
                if let key: Key = try entry.codingKey(reader) { keys.append(key) }
            }
            return keys
        } catch {
            session.record(located(error, Any.self))
            return []
        }
    }

    /// True if the map has a key; what is wrong with the map is recorded, for this cannot throw.
    func contains(_ key: some CodingKey) -> Bool {
        do throws(CBORFault) {
            return try find(key) != nil
        } catch {
            session.record(located(error, Any.self, key))
            return false
        }
    }
}
