public import NIOCore

/// Writes any `Encodable` value as one item of CBOR (RFC 8949).
///
/// - Structs and dictionaries become maps with text keys, in the order in which they are written; enums become what
///   `Codable` says. `nil` is `null`.
/// - Byte arrays and `Data` become byte strings, a `UUID` sixteen bytes under tag 37, a `Date` a `Double` of seconds
///   since 2001. Integers take their shortest form; floating-point numbers keep their width and every bit.
/// - Arrays and maps of up to 23 entries declare their count. Longer ones do where the count is known beforehand, and
///   end with a break where it is not.
public struct CBOREncoder: Sendable {
    /// What `encode(to:)` finds in its encoder's `userInfo`; empty by default.
    public var userInfo: [CodingUserInfoKey: any Sendable]
    /// How many arrays and maps may contain each other; 128 by default, as the decoder has it.
    public var maximumDepth: Int

    /// Makes an encoder.
    ///
    /// - Parameters:
    ///   - maximumDepth: How many arrays and maps may contain each other, from 1 to 512.
    ///   - userInfo: What `encode(to:)` finds in its encoder.
    public init(maximumDepth: Int = 128, userInfo: [CodingUserInfoKey: any Sendable] = [:]) {
        self.maximumDepth = maximumDepth
        self.userInfo = userInfo
    }

    /// Appends a value to a buffer.
    ///
    /// - Parameters:
    ///   - value: The value to write.
    ///   - buffer: Where the item goes; unchanged when an error is thrown.
    /// - Throws: ``CodecError``, or what the value's own `encode(to:)` throws.
    public func encode<Value: Encodable>(_ value: Value, into buffer: inout ByteBuffer) throws {
        var overflow = CBORWriter()
        try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 64) { memory in
            var writer = CBORWriter(
                lent: memory, maximumDepth: min(max(maximumDepth, 1), 512), userInfo: userInfo)
            if !writeCoded(value, to: &writer) { writer = try write(value, with: writer) }
            guard writer.isInLentMemory else {
                overflow = writer
                return 0
            }
            return writer.count
        }
        if overflow.count > 0 { buffer.writeBytes(overflow.bytes) }
    }

    /// Writes a value of a type that writes itself.
    ///
    /// - Returns: False when `Codable` has to do it, or to say what is wrong.
    private func writeCoded<Value: Encodable>(_ value: Value, to writer: inout CBORWriter) -> Bool {
        guard let coded = CodedTypes.find(Value.self).coded else { return false }
        do throws(CBORFault) {
            try CodedTypes.write(value, as: coded, to: &writer)
            return true
        } catch {
            writer.truncate(to: 0)
            return false
        }
    }

    /// Writes a value that `Codable` takes apart.
    private func write<Value: Encodable>(_ value: Value, with writer: consuming CBORWriter) throws -> CBORWriter {
        // A type that writes itself has tried.
        let session = CBOREncodingSession(
            writer: writer, coded: CodedTypes.find(Value.self).coded == nil ? .orCodable : .never)
        // A value may have kept its encoder; the memory is lent for this call only.
        defer { session.writer.forgetLentMemory() }
        let root = CBORValueEncoder(session: session, parent: nil, key: nil, level: 0, depth: 0)
        do {
            try value.encode(to: root)
            try root.finish()
            if let failure = session.log.failure { throw failure }
        } catch {
            throw CodecError.unwrapping(error)
        }
        return session.takeBytes()
    }
}
