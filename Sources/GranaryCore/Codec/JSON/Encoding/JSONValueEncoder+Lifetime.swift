extension JSONValueEncoder {
    /// Begins the value's container; a second request for the same kind goes on with the first.
    ///
    /// What is wrong is logged, because the standard library's protocols do not let this throw.
    func open(_ wanted: Shape) {
        if shape == wanted { return }
        guard shape == .none else { return session.log.record(error("two kinds of containers for one value")) }
        guard depth < session.maximumDepth else {
            return session.log.record(error("arrays and objects are nested too deeply"))
        }
        do { try claim() } catch { return session.log.record(error) }
        shape = wanted
        session.writer.write(byte: wanted == .object ? JSONByte.openObject : JSONByte.openArray)
    }

    /// Ends the value; one that wrote nothing becomes an empty object.
    func finish() throws {
        if isFinished { return }
        try finishNested()
        for child in detached { try child.finish() }
        detached = []
        nestedByKey = nil
        guard session.level == level else { throw error("a value ended while a part of it was being written") }
        isFinished = true
        switch shape {
        case .none: session.writer.write(ascii: "{}")
        case .single: break
        case .array: session.writer.write(byte: JSONByte.closeArray)
        case .object: session.writer.write(byte: JSONByte.closeObject)
        }
    }

    private func finishNested() throws {
        guard let child = nested else { return }
        nested = nil
        try child.finish()
        session.level = level
    }

    /// Makes sure that this encoder is the innermost, so that what it appends lands in its own value.
    @inline(__always)
    func claim() throws {
        if nested != nil { try leaveNested() }
        guard session.level == level, !isFinished else {
            throw error("an encoder or a container was used while another value was being written")
        }
    }

    /// The encoder for a nested container with a key; an error waits in the log.
    func nestedContainer(_ key: some CodingKey) -> JSONValueEncoder {
        if let child = nestedByKey?[key.stringValue] { return child }
        let child = beginNested(key)
        nestedByKey = nestedByKey ?? [:]
        nestedByKey?[key.stringValue] = child
        return child
    }

    /// Appends a key and makes the encoder for its value; an error waits in the log.
    func beginNested(_ key: some CodingKey) -> JSONValueEncoder {
        do { try begin(key) } catch { session.log.record(error) }
        return nest(key)
    }

    /// Adds a nested container or a superclass's encoder behind what was written.
    func nest(_ key: any CodingKey) -> JSONValueEncoder {
        let child = JSONValueEncoder(
            session: session, parent: nil, key: key, level: level + 1, depth: depth + 1, outerPath: codingPath)
        nested = child
        session.level = level + 1
        return child
    }

    /// Ends the nested container in place if nobody can write to it any more; else gives it a run of its own.
    private func leaveNested() throws {
        if isNestedAbandoned { return try finishNested() }
        guard let child = nested else { return }
        var innermost = child
        while let next = innermost.nested { innermost = next }
        guard session.level == innermost.level else {
            throw error("a container was used while a value was being written into a nested one")
        }
        nested = nil
        child.move(to: session.split(at: child.head, level: innermost.level), by: child.head)
        detached.append(child)
        session.level = level
    }

    /// True when this encoder holds the only reference to its nested one, and so on inwards.
    private var isNestedAbandoned: Bool {
        guard isKnownUniquelyReferenced(&nested), let child = nested else { return false }
        guard child.detached.isEmpty else { return false }
        return child.nested == nil || child.isNestedAbandoned
    }

    private func move(to run: CBOREncodingSession, by distance: Int) {
        session = run
        head -= distance
        nested?.move(to: run, by: distance)
    }
}
