extension CBORValueEncoder {
    /// Begins the value's container; a second request for the same kind goes on with the first.
    ///
    /// What is wrong is logged, because the standard library's protocols do not let this throw.
    func open(_ wanted: Shape) {
        if shape == wanted { return }
        guard shape == .none else { return session.log.record(misuse("two kinds of containers for one value")) }
        guard depth < session.maximumDepth else {
            return session.log.record(error(.tooDeep, "arrays and maps are nested too deeply"))
        }
        do { try claim() } catch { return session.log.record(error) }
        shape = wanted
        session.writer.write(byte: wanted == .map ? CBORByte.emptyMap : CBORMajor.array << 5)
    }

    /// Ends the value; one that wrote nothing becomes an empty map.
    func finish() throws {
        if isFinished { return }
        try finishNested()
        for child in detached { try child.finish() }
        detached = []
        guard session.level == level else { throw misuse("a value ended while a part of it was being written") }
        isFinished = true
        switch shape {
        case .none: session.writer.write(byte: CBORByte.emptyMap)
        case .single: break
        case .array: close(CBORMajor.array << 5, indefinite: CBORByte.indefiniteArray)
        case .map: close(CBORMajor.map << 5, indefinite: CBORByte.indefiniteMap)
        }
    }

    private func close(_ definite: UInt8, indefinite: UInt8) {
        if count < 24 {
            session.writer.patch(head, definite | UInt8(truncatingIfNeeded: count))
        } else {
            session.writer.patch(head, indefinite)
            session.writer.write(byte: CBORByte.break)
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
            throw misuse("an encoder or a container was used while another value was being written")
        }
    }

    /// Adds a nested container or a superclass's encoder behind what was written.
    func nest(_ key: any CodingKey) -> CBORValueEncoder {
        let child = CBORValueEncoder(
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
            throw misuse("a container was used while a value was being written into a nested one")
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

    /// An error about this value.
    func error(_ code: CodecError.Code, _ message: String) -> CodecError {
        CodecError(code, message, path: CodecError.names(codingPath))
    }

    /// An error about the way in which an `encode(to:)` uses its encoder.
    func misuse(_ message: String) -> CodecError { error(.misuse, message) }
}
