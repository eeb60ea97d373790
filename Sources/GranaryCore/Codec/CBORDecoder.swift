public import NIOCore

/// Reads values that ``CBOREncoder``, or any other writer of CBOR (RFC 8949), wrote.
///
/// - All widths of integers, lengths and floating-point numbers are read, definite and indefinite lengths, and tags,
///   which are passed over where they mean nothing to the type.
/// - Keys of a map that the type does not ask for are passed over; keys that are missing give `nil` to optionals, and
///   ``CodecError/Code/missingKey`` to others. Two equal text or integer keys in a map that is read are an error,
///   because two readers could choose differently.
/// - Hostile bytes end in an error: no length is believed before it is compared with what is left, and nesting is
///   limited.
///
/// Inside `init(from:)` errors appear as `DecodingError`; the caller of ``decode(_:from:)`` sees ``CodecError``.
public struct CBORDecoder: Sendable {
    /// How much one item may take; the defaults suit messages between silos.
    public var limits: Limits
    /// What `init(from:)` finds in its decoder's `userInfo`; empty by default.
    public var userInfo: [CodingUserInfoKey: any Sendable]

    /// Makes a decoder.
    ///
    /// - Parameters:
    ///   - limits: How much one item may take.
    ///   - userInfo: What `init(from:)` finds in its decoder.
    public init(limits: Limits = Limits(), userInfo: [CodingUserInfoKey: any Sendable] = [:]) {
        self.limits = limits
        self.userInfo = userInfo
    }

    /// Takes one item from the front of a buffer and leaves the rest.
    ///
    /// - Parameters:
    ///   - type: The type to read.
    ///   - buffer: Where the item is; unchanged when an error is thrown.
    /// - Returns: The value.
    /// - Throws: ``CodecError``, or what the type's own `init(from:)` throws.
    public func decode<Value: Decodable>(_ type: Value.Type, from buffer: inout ByteBuffer) throws -> Value {
        var length = 0
        let value = try buffer.withUnsafeReadableBytes { bytes in try decode(type, from: bytes, length: &length) }
        buffer.moveReaderIndex(forwardBy: length)
        return value
    }

    /// Reads a buffer that holds one item and nothing else.
    ///
    /// - Parameters:
    ///   - type: The type to read.
    ///   - buffer: The item.
    /// - Returns: The value.
    /// - Throws: ``CodecError``, with ``CodecError/Code/trailing`` if more follows, or what the type throws.
    public func decode<Value: Decodable>(_ type: Value.Type, exactly buffer: ByteBuffer) throws -> Value {
        var buffer = buffer
        let value = try decode(type, from: &buffer)
        guard buffer.readableBytes == 0 else {
            throw CodecError(.trailing, "\(buffer.readableBytes) bytes follow the item")
        }
        return value
    }

    /// Reads a value of a type that reads itself.
    ///
    /// - Parameters:
    ///   - type: The type to read.
    ///   - buffer: The item.
    /// - Returns: The value; `nil` for other types, and where ``decode(_:from:)`` has to tell what is wrong.
    func directly<Value>(_ type: Value.Type, from buffer: ByteBuffer) -> Value? {
        guard let coded = CodedTypes.find(type).coded else { return nil }
        return buffer.withUnsafeReadableBytes { bytes in
            withUnsafePointer(to: userInfo) { userInfo in
                var reader = reader(of: bytes, userInfo)
                return try? CodedTypes.read(type, as: coded, from: &reader)
            }
        }
    }

    private func reader(
        of bytes: UnsafeRawBufferPointer, _ userInfo: UnsafePointer<[CodingUserInfoKey: any Sendable]>
    ) -> CBORReader {
        let end = min(bytes.count, max(0, limits.maximumBytes))
        return CBORReader(
            base: bytes.baseAddress, end: end, position: 0, depth: 0,
            maximumDepth: min(max(limits.maximumDepth, 1), 512), isClipped: end < bytes.count, userInfo: userInfo)
    }

    private func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: UnsafeRawBufferPointer, length: inout Int
    ) throws -> Value {
        try withUnsafePointer(to: userInfo) { userInfo in
            let reader = reader(of: bytes, userInfo)
            let known = CodedTypes.find(type)
            guard let coded = known.coded else { return try decode(type, reader, .orCodable, &length) }
            var trial = reader
            do throws(CBORFault) {
                let value = try CodedTypes.read(type, as: coded, from: &trial)
                length = trial.position
                return value
            } catch {
                if known.isFinal { throw CodecError(error) }
                return try decode(type, reader, .never, &length)
            }
        }
    }

    /// Reads a value that `Codable` puts together.
    private func decode<Value: Decodable>(
        _ type: Value.Type, _ reader: CBORReader, _ coded: CodedUse, _ length: inout Int
    ) throws -> Value {
        let session = CBORDecodingSession(reader: reader, coded: coded)
        defer { session.close() }
        let root = CBORValueDecoder(session: session, start: 0, parent: nil, key: nil, level: 0, depth: 0)
        do {
            let value = try type.init(from: root)
            length = try root.finish()
            if let failure = session.failure { throw failure }
            return value
        } catch {
            // What could not be thrown on the spot came first, and is the cause.
            throw CodecError.unwrapping(session.failure ?? error)
        }
    }
}
