extension CBORValueDecoder {
    /// True if the value is `null`.
    var isNull: Bool {
        var reader = reader(at: start)
        return (try? reader.readNull()) ?? false
    }

    /// Reads the value, if the codec reads its type itself.
    @inline(__always)
    func directSingle<Value: Coded>(_ type: Value.Type) throws -> Value {
        var reader = reader(at: start)
        do throws(CBORFault) {
            let value = try Value._read(from: &reader)
            end = reader.position
            return value
        } catch {
            throw located(error, type)
        }
    }

    /// Reads the value as another type.
    func single<Value: Decodable>(_ type: Value.Type) throws -> Value {
        var reader = reader(at: start)
        do throws(CBORFault) {
            if let value = try coded(type, from: &reader) {
                end = reader.position
                return value
            }
        } catch {
            throw located(error, type)
        }
        let child = try makeChild(at: start, key: nil, depth: depth)
        let value = try type.init(from: child)
        end = try child.finish()
        return value
    }

    /// Reads a value of a type that reads itself.
    ///
    /// - Returns: `nil` when `Codable` has to do it, or to say what is wrong.
    @inline(__always)
    func coded<Value>(_ type: Value.Type, from reader: inout CBORReader) throws(CBORFault) -> Value? {
        let known = CodedTypes.find(type)
        guard let coded = known.coded else { return nil }
        if known.isFinal { return try CodedTypes.read(type, as: coded, from: &reader) }
        if session.coded == .never { return nil }
        do throws(CBORFault) {
            return try CodedTypes.read(type, as: coded, from: &reader)
        } catch {
            session.giveUp(CodecError(error))
            return nil
        }
    }

    /// A decoder for an element or an entry.
    func child(at offset: Int, _ key: some CodingKey) throws -> CBORValueDecoder {
        try makeChild(at: offset, key: key, depth: depth &+ 1)
    }

    private func makeChild(at offset: Int, key: (any CodingKey)?, depth: Int) throws -> CBORValueDecoder {
        // Types that read themselves from the same item again would go on until the stack ends.
        guard level < 4 * session.maximumDepth else {
            throw located(CBORFault(.tooDeep, "values are nested too deeply"), Any.self, key)
        }
        return CBORValueDecoder(
            session: session, start: offset, parent: self, key: key, level: level &+ 1, depth: depth)
    }
}
