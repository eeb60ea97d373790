extension JSONValueDecoder {
    /// True if the value is `null`.
    var isNull: Bool { source.isNull(node) }

    /// Reads the value, if the codec reads its type itself.
    @inline(__always)
    func directSingle<Value: JSONDirect>(_ type: Value.Type) throws -> Value {
        do throws(JSONFault) {
            return try Value.read(node, of: source)
        } catch {
            throw located(error, type, at: node)
        }
    }

    /// Reads the value as another type.
    func single<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard let direct = JSONDirectTypes.find(type) else { return try type.init(from: try child(node, nil)) }
        do throws(JSONFault) {
            return try JSONDirectTypes.read(type, as: direct, node, of: source)
        } catch {
            throw located(error, type, at: node)
        }
    }
}
