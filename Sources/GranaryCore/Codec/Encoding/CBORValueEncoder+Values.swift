extension CBORValueEncoder {
    /// Appends an entry whose value the codec writes itself.
    @inline(__always)
    func addDirect<Key: CodingKey>(_ value: some Coded, for key: Key) throws {
        try begin(key)
        try value._write(to: &session.writer)
    }

    /// Appends an entry.
    func add<Key: CodingKey, Value: Encodable>(_ value: Value, for key: Key) throws {
        let mark = try begin(key)
        try write(value, key: key, mark: mark)
    }

    /// Appends a key, whose value must follow.
    ///
    /// - Returns: The place before it, to come back to if there is no value. Taken after ``claim()``, which may move what
    ///   a nested container wrote into a run of its own.
    @discardableResult
    @inline(__always)
    func begin<Key: CodingKey>(_ key: Key) throws -> CBOREncodingSession.Mark {
        try claim()
        let mark = session.mark
        guard shape == .map else { throw session.log.failure ?? misuse("a map that is not open") }
        session.writer.write(text: key.stringValue)
        count &+= 1
        return mark
    }

    /// Appends an element that the codec writes itself.
    @inline(__always)
    func appendDirect(_ value: some Coded) throws {
        try beginElement()
        try value._write(to: &session.writer)
    }

    /// Appends an element.
    func append<Value: Encodable>(_ value: Value) throws {
        let mark = try beginElement()
        try write(value, key: CBORIndexKey.index(count - 1), mark: mark)
    }

    /// Counts an element, which must follow.
    ///
    /// - Returns: The place before it, to come back to if there is none.
    @discardableResult
    @inline(__always)
    func beginElement() throws -> CBOREncodingSession.Mark {
        try claim()
        let mark = session.mark
        guard shape == .array else { throw session.log.failure ?? misuse("an array that is not open") }
        count &+= 1
        return mark
    }

    /// Makes one item the whole value.
    @inline(__always)
    func setDirect(_ value: some Coded) throws {
        try beginSingle()
        try value._write(to: &session.writer)
    }

    /// Makes one value the whole value.
    func set<Value: Encodable>(_ value: Value) throws {
        let mark = try beginSingle()
        try write(value, key: nil, mark: mark)
    }

    @discardableResult
    private func beginSingle() throws -> CBOREncodingSession.Mark {
        try claim()
        guard shape == .none else { throw misuse("a second value where one belongs") }
        shape = .single
        return session.mark
    }

    /// Writes a value in place, or takes everything since the mark back.
    private func write<Value: Encodable>(
        _ value: Value, key: (any CodingKey)?, mark: CBOREncodingSession.Mark
    ) throws {
        let known = CodedTypes.find(Value.self)
        if let coded = known.coded {
            if known.isFinal { return try CodedTypes.write(value, as: coded, to: &session.writer) }
            if session.coded != .never, writeCoded(value, as: coded) { return }
        }
        // Values that contain themselves without an array or a map between would go on until the stack ends.
        guard level < 4 * session.maximumDepth else { throw error(.tooDeep, "values are nested too deeply") }
        let isElement = shape != .single
        let child = CBORValueEncoder(
            session: session, parent: self, key: key, level: level &+ 1, depth: isElement ? depth &+ 1 : depth)
        session.level = level &+ 1
        do {
            try value.encode(to: child)
            try child.finish()
            session.level = level
        } catch {
            session.rollBack(to: mark)
            session.level = level
            if isElement { count &-= 1 } else { shape = .none }
            throw error
        }
    }

    /// Writes a value of a type that writes itself.
    ///
    /// - Returns: False when `Codable` has to do it, or to say what is wrong.
    private func writeCoded<Value, Direct: Coded>(_ value: Value, as direct: Direct.Type) -> Bool {
        let session = session
        let mark = session.mark
        session.writer.depth = shape == .single ? depth : depth &+ 1
        // Properties may run foreign code, which must not write with this encoder meanwhile.
        session.level = level &+ 1
        defer { session.level = level }
        do throws(CBORFault) {
            try CodedTypes.write(value, as: direct, to: &session.writer)
            return true
        } catch {
            session.rollBack(to: mark)
            session.giveUp(error)
            return false
        }
    }
}
