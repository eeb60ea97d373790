extension JSONValueDecoder {
    /// True if the value is `null`.
    var isNull: Bool { source.isNull(node) }

    /// Reads the value, if the codec reads its type itself.
    @inline(__always)
    func directSingle<Value: _JSONCoded>(_ type: Value.Type) throws -> Value {
        do throws(JSONFault) {
            return try Value._readJSON(node, of: source)
        } catch {
            throw located(error, type, at: node)
        }
    }

    /// Reads the value as another type.
    func single<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try read(type, at: node, CBORIndexKey?.none)
    }

    /// Reads this value as another type, or one that it contains.
    ///
    /// - Parameters:
    ///   - type: The type.
    ///   - node: The node of the value.
    ///   - key: The key of the value, if it is not this one.
    /// - Returns: The value.
    /// - Throws: What is wrong with the value, with its place.
    @inline(__always)
    func read<Value: Decodable, Key: CodingKey>(_ type: Value.Type, at node: Int, _ key: Key?) throws -> Value {
        let known = CodedTypes.find(type)
        if let coded = known.json, known.isFinal || session.coded != .never {
            do throws(JSONFault) {
                return try CodedTypes.readJSON(type, as: coded, node, of: source)
            } catch {
                if known.isFinal { throw located(error, type, at: node, key) }
                session.giveUp()
            }
        }
        return try type.init(from: try child(node, key))
    }
}
