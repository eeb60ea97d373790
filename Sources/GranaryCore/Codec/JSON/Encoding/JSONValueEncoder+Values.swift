extension JSONValueEncoder {
    /// Appends an entry whose value the codec writes itself.
    @inline(__always)
    func addDirect<Key: CodingKey>(_ value: some _JSONCoded, for key: Key) throws {
        let mark = try begin(key)
        do throws(JSONFault) {
            try value._writeJSON(to: &session.writer)
        } catch {
            throw takeBack(to: mark, error, value, key)
        }
    }

    /// Appends an entry.
    func add<Key: CodingKey, Value: Encodable>(_ value: Value, for key: Key) throws {
        let mark = try begin(key)
        try write(value, key: key, mark: mark)
    }

    /// Appends a key, whose value must follow.
    ///
    /// - Returns: The place before it, to come back to if there is no value.
    @inline(__always)
    @discardableResult
    func begin<Key: CodingKey>(_ key: Key) throws -> CBOREncodingSession.Mark {
        try claim()
        guard shape == .object else { throw session.log.failure ?? error("an object that is not open") }
        let session = session
        let mark = session.mark
        if count > 0 { session.writer.write(byte: JSONByte.comma) }
        session.writer.write(jsonText: key.stringValue)
        session.writer.write(byte: JSONByte.colon)
        count &+= 1
        return mark
    }

    /// Appends an element that the codec writes itself.
    @inline(__always)
    func appendDirect(_ value: some _JSONCoded) throws {
        let mark = try beginElement()
        do throws(JSONFault) {
            try value._writeJSON(to: &session.writer)
        } catch {
            throw takeBack(to: mark, error, value, CBORIndexKey.index(count &- 1))
        }
    }

    /// Appends an element.
    func append<Value: Encodable>(_ value: Value) throws {
        let mark = try beginElement()
        try write(value, key: CBORIndexKey.index(count - 1), mark: mark)
    }

    /// Counts an element, which must follow.
    ///
    /// - Returns: The place before it, to come back to if there is none.
    @inline(__always)
    @discardableResult
    func beginElement() throws -> CBOREncodingSession.Mark {
        try claim()
        let mark = session.mark
        guard shape == .array else { throw session.log.failure ?? error("an array that is not open") }
        if count > 0 { session.writer.write(byte: JSONByte.comma) }
        count &+= 1
        return mark
    }

    /// Makes one value that the codec writes itself the whole value.
    @inline(__always)
    func setDirect(_ value: some _JSONCoded) throws {
        let mark = try beginSingle()
        do throws(JSONFault) {
            try value._writeJSON(to: &session.writer)
        } catch {
            throw takeBack(to: mark, error, value, nil)
        }
    }

    /// Makes one value the whole value.
    func set<Value: Encodable>(_ value: Value) throws {
        let mark = try beginSingle()
        try write(value, key: nil, mark: mark)
    }

    private func beginSingle() throws -> CBOREncodingSession.Mark {
        try claim()
        guard shape == .none else { throw error("a second value where one belongs") }
        shape = .single
        return session.mark
    }

    /// Forgets what was written since a mark, and makes the error that says why.
    @inline(never)
    private func takeBack(
        to mark: CBOREncodingSession.Mark, _ fault: JSONFault, _ value: Any, _ key: (any CodingKey)?
    ) -> EncodingError {
        forget(since: mark)
        return error(fault.message, value, for: key)
    }

    private func forget(since mark: CBOREncodingSession.Mark) {
        session.rollBack(to: mark)
        if shape == .single { shape = .none } else { count &-= 1 }
    }

    /// Writes a value in place, or takes everything since the mark back.
    private func write<Value: Encodable>(
        _ value: Value, key: (any CodingKey)?, mark: CBOREncodingSession.Mark
    ) throws {
        let known = CodedTypes.find(Value.self)
        if let coded = known.json {
            session.writer.depth = shape == .single ? depth : depth &+ 1
            if !known.isFinal {
                if session.coded != .never, writeCoded(value, as: coded) { return }
            } else {
                do throws(JSONFault) {
                    return try CodedTypes.writeJSON(value, as: coded, to: &session.writer)
                } catch {
                    throw takeBack(to: mark, error, value, key)
                }
            }
        }
        do {
            // Values that contain themselves without an array or an object between would go on until the stack ends.
            guard level < 4 * session.maximumDepth else { throw error("values are nested too deeply", value) }
            let isElement = shape != .single
            let child = JSONValueEncoder(
                session: session, parent: self, key: key, level: level &+ 1, depth: isElement ? depth &+ 1 : depth)
            session.level = level &+ 1
            try value.encode(to: child)
            try child.finish()
            session.level = level
        } catch {
            session.level = level
            forget(since: mark)
            throw error
        }
    }

    /// Writes a value of a type that writes itself.
    ///
    /// - Returns: False when `Codable` has to do it, or to say what is wrong.
    private func writeCoded<Value, Direct: _JSONCoded>(_ value: Value, as direct: Direct.Type) -> Bool {
        let session = session
        let mark = session.mark
        // Properties may run foreign code, which must not write with this encoder meanwhile.
        session.level = level &+ 1
        defer { session.level = level }
        do throws(JSONFault) {
            try CodedTypes.writeJSON(value, as: direct, to: &session.writer)
            return true
        } catch {
            session.rollBack(to: mark)
            session.giveUp(error)
            return false
        }
    }
}
