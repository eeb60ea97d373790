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
        do throws(JSONFault) {
            if let value = try coded(type, at: node) { return value }
        } catch {
            throw located(error, type, at: node)
        }
        return try type.init(from: try child(node, nil))
    }

    /// Reads a value of a type that reads itself.
    ///
    /// - Returns: `nil` when `Codable` has to do it, or to say what is wrong.
    @inline(__always)
    func coded<Value>(_ type: Value.Type, at node: Int) throws(JSONFault) -> Value? {
        let known = CodedTypes.find(type)
        guard let coded = known.json else { return nil }
        if known.isFinal { return try CodedTypes.readJSON(type, as: coded, node, of: source) }
        if session.coded == .never { return nil }
        do throws(JSONFault) {
            return try CodedTypes.readJSON(type, as: coded, node, of: source)
        } catch {
            session.giveUp()
            return nil
        }
    }
}
