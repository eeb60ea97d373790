/// Writes any `Encodable` value as JSON (RFC 8259) in UTF-8, for columns that plain SQL reads.
///
/// The text is what Foundation's `JSONEncoder` writes without options, apart from slashes, which are not escaped: a
/// `Date` is a number of seconds since 2001, `Data` a string of Base64, a `URL` a string, a `Decimal` a number with all
/// its digits. Floating-point numbers have the shortest digits that give the same number again.
package struct JSONStateEncoder: Sendable {
    /// How many arrays and objects may contain each other, as the decoder has it.
    static let maximumDepth = 512

    /// What `encode(to:)` finds in its encoder's `userInfo`; empty by default.
    package var userInfo: [CodingUserInfoKey: any Sendable]

    /// Makes an encoder.
    ///
    /// - Parameter userInfo: What `encode(to:)` finds in its encoder.
    package init(userInfo: [CodingUserInfoKey: any Sendable] = [:]) { self.userInfo = userInfo }

    /// Writes a value.
    ///
    /// - Parameter value: The value to write.
    /// - Returns: The text, in UTF-8.
    /// - Throws: `EncodingError`, for example for numbers that are not finite, or what the value's own `encode(to:)`
    ///   throws.
    package func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] {
        var overflow = CBORWriter()
        let text = try [UInt8](unsafeUninitializedCapacity: 480) { memory, count in
            var writer = CBORWriter(
                lent: UnsafeMutableRawBufferPointer(memory), maximumDepth: Self.maximumDepth, userInfo: userInfo)
            if try !writeCoded(value, to: &writer) { writer = try write(value, with: writer) }
            if writer.isInLentMemory { count = writer.count } else { overflow = writer }
        }
        return overflow.count > 0 ? [UInt8](overflow.bytes) : text
    }

    /// Writes a value of a type that writes itself.
    ///
    /// - Returns: False when `Codable` has to do it, or to say what is wrong.
    private func writeCoded<Value: Encodable>(_ value: Value, to writer: inout CBORWriter) throws -> Bool {
        let known = CodedTypes.find(Value.self)
        guard let coded = known.json else { return false }
        do throws(JSONFault) {
            try CodedTypes.writeJSON(value, as: coded, to: &writer)
            return true
        } catch {
            writer.truncate(to: 0)
            guard known.isFinal else { return false }
            throw EncodingError.invalidValue(
                value, EncodingError.Context(codingPath: [], debugDescription: error.message))
        }
    }

    /// Writes a value that `Codable` takes apart.
    private func write<Value: Encodable>(_ value: Value, with writer: consuming CBORWriter) throws -> CBORWriter {
        // A type that writes itself has tried.
        let session = CBOREncodingSession(
            writer: writer, coded: CodedTypes.find(Value.self).json == nil ? .orCodable : .never)
        // A value may have kept its encoder; the memory is lent for this call only.
        defer { session.writer.forgetLentMemory() }
        let root = JSONValueEncoder(session: session, parent: nil, key: nil, level: 0, depth: 0)
        try value.encode(to: root)
        guard root.shape != .none else { throw root.error("the value wrote nothing", value) }
        try root.finish()
        if let failure = session.log.failure { throw failure }
        return session.takeBytes()
    }
}
