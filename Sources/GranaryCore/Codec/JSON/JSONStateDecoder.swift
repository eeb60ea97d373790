/// Reads values from JSON (RFC 8259) in UTF-8, as ``JSONStateEncoder``, Foundation's `JSONEncoder` without options, or a
/// database wrote it.
///
/// - The order of keys and white space mean nothing. The last of several entries with one key counts, as in PostgreSQL's
///   `jsonb`; keys that the type does not ask for are passed over.
/// - Numbers are read by their value: `1.0` and `1e2` are integers too.
/// - The whole text is checked, whatever of it the type asks for. Hostile text ends in an error, and nesting is limited
///   to 512 arrays and objects.
package struct JSONStateDecoder: Sendable {
    /// What `init(from:)` finds in its decoder's `userInfo`; empty by default.
    package var userInfo: [CodingUserInfoKey: any Sendable]

    /// Makes a decoder.
    ///
    /// - Parameter userInfo: What `init(from:)` finds in its decoder.
    package init(userInfo: [CodingUserInfoKey: any Sendable] = [:]) { self.userInfo = userInfo }

    /// Reads a value.
    ///
    /// - Parameters:
    ///   - type: The type to read.
    ///   - json: The text, one value and nothing else.
    /// - Returns: The value.
    /// - Throws: `DecodingError`, whose description names the byte where the text is wrong, or what the type's own
    ///   `init(from:)` throws.
    package func decode<Value: Decodable>(_ type: Value.Type, from json: [UInt8]) throws -> Value {
        try json.withUnsafeBytes { text in
            guard let base = text.baseAddress, text.count < UInt32.max else {
                throw Self.error(
                    JSONFault(.corrupted, text.isEmpty ? "the text is empty" : "the text is too long", position: 0))
            }
            let nodes = try Self.scan(base, text.count)
            return try nodes.withUnsafeBufferPointer { nodes in
                try withUnsafePointer(to: userInfo) { userInfo in
                    try decode(type, JSONSource(base: base, nodes: nodes, userInfo: userInfo))
                }
            }
        }
    }

    private static func scan(_ base: UnsafeRawPointer, _ count: Int) throws -> ContiguousArray<JSONNode> {
        var scanner = JSONScanner(base: base, count: count, maximumDepth: JSONStateEncoder.maximumDepth)
        do throws(JSONFault) {
            try scanner.scan()
        } catch {
            throw Self.error(error)
        }
        return scanner.nodes
    }

    private static func error(_ fault: JSONFault) -> DecodingError {
        .dataCorrupted(DecodingError.Context(codingPath: [], debugDescription: fault.message))
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ source: JSONSource) throws -> Value {
        let known = CodedTypes.find(type)
        var fault: JSONFault?
        if let coded = known.json {
            do throws(JSONFault) {
                return try CodedTypes.readJSON(type, as: coded, 0, of: source)
            } catch {
                fault = error
            }
        }
        let session = JSONDecodingSession(source: source, coded: fault == nil ? .orCodable : .never)
        defer { session.close() }
        let root = JSONValueDecoder(session: session, node: 0, parent: nil, key: nil)
        if known.isFinal, let fault { throw root.located(fault, type, at: 0) }
        return try type.init(from: root)
    }
}
