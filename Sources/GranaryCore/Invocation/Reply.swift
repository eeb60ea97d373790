package import NIOCore

/// A call's encoded result.
public struct Reply: Sendable {
    package let buffer: ByteBuffer

    /// A result as it arrived.
    package init(buffer: ByteBuffer) { self.buffer = buffer }

    /// Decodes the result.
    ///
    /// - Parameters:
    ///   - type: The type of the result; nothing is decoded for `Void`, nor for ``Reply`` itself.
    ///   - decoder: What reads it.
    /// - Returns: The result.
    /// - Throws: ``GrainError`` with code `.encoding`.
    package func value<R>(as type: R.Type, from decoder: CBORDecoder) throws -> R {
        if type == Void.self, let nothing = () as? R { return nothing }
        if type == Reply.self, let reply = self as? R { return reply }
        if let value = decoder.directly(type, from: buffer) { return value }
        guard let codable = type as? any (Codable & Sendable).Type else {
            throw GrainError(.encoding, "A \(R.self) is not Codable and Sendable.")
        }
        var arguments = ArgumentDecoder(buffer, count: 1, decoder: decoder)
        guard let value = try arguments.decode(codable) as? R else {
            throw GrainError(.encoding, "The result cannot be decoded as \(R.self).")
        }
        return value
    }

    /// The reply of a method that returns nothing.
    ///
    /// - Throws: Never in practice; the signature is that of the other initialiser.
    public init() throws { try self.init(NoResult()) }

    /// Encodes a result.
    ///
    /// - Parameter value: The result.
    /// - Throws: ``GrainError`` with code `.encoding`.
    public init<T: Codable & Sendable>(_ value: T) throws {
        var buffer = ByteBuffer()
        do {
            try CBOREncoder().encode(value, into: &buffer)
        } catch {
            throw GrainError(.encoding, "The result, a \(T.self), cannot be encoded.", cause: error)
        }
        self.buffer = buffer
    }

    /// Only there so that a result that cannot travel is reported once, at the method.
    ///
    /// - Parameter value: The result.
    /// - Throws: Always.
    @_disfavoredOverload
    public init<T>(_ value: T) throws {
        throw GrainError(.encoding, "A \(T.self) is not Codable and Sendable.")
    }
}
