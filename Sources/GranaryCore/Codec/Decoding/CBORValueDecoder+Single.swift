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
        var end = start
        let value = try read(type, at: start, CBORIndexKey?.none, depth: depth, end: &end)
        self.end = end
        return value
    }

    /// Reads this value as another type, or one that it contains.
    ///
    /// - Parameters:
    ///   - type: The type.
    ///   - offset: Where the value is.
    ///   - key: The key of the value, if it is not this one.
    ///   - depth: How many arrays and maps contain the value.
    ///   - end: Gets where the value ends.
    /// - Returns: The value.
    /// - Throws: What is wrong with the value, with its place.
    @inline(__always)
    func read<Value: Decodable, Key: CodingKey>(
        _ type: Value.Type, at offset: Int, _ key: Key?, depth: Int, end: inout Int
    ) throws -> Value {
        let known = CodedTypes.find(type)
        if let coded = known.coded, known.isFinal || session.coded != .never {
            var reader = session.reader(at: offset, depth: depth)
            do throws(CBORFault) {
                let value = try CodedTypes.read(type, as: coded, from: &reader)
                end = reader.position
                return value
            } catch {
                if known.isFinal { throw located(error, type, key) }
                session.giveUp(CodecError(error))
            }
        }
        let child = try makeChild(at: offset, key: key, depth: depth)
        let value = try type.init(from: child)
        end = try child.finish()
        return value
    }

    /// A decoder for an element.
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
