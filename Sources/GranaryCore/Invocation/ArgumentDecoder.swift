package import NIOCore

/// Reads a call's arguments in order.
public struct ArgumentDecoder {
    private var buffer: ByteBuffer
    private var remaining: Int
    private let decoder: CBORDecoder

    package init(_ buffer: ByteBuffer, count: Int, runtime: (any GrainRuntime)?) {
        self.init(buffer, count: count, decoder: runtime?._decoder ?? CBORDecoder())
    }

    init(_ buffer: ByteBuffer, count: Int, decoder: CBORDecoder) {
        self.buffer = buffer
        remaining = count
        self.decoder = decoder
    }

    /// Whether the caller sent no more arguments; later parameters take their defaults.
    public var isAtEnd: Bool { remaining == 0 }

    /// Reads the next argument.
    ///
    /// - Parameter type: The argument's type.
    /// - Returns: The argument.
    /// - Throws: ``GrainError`` with code `.encoding`.
    public mutating func decode<T: Codable & Sendable>(_ type: T.Type) throws -> T {
        guard remaining > 0 else { throw GrainError(.unknownMethod, "The call brought too few arguments.") }
        remaining -= 1
        do {
            return try decoder.decode(type, from: &buffer)
        } catch {
            throw GrainError(.encoding, "An argument cannot be decoded as \(T.self).", cause: error)
        }
    }

    /// Only there so that an argument that cannot travel is reported once, at the method.
    ///
    /// - Parameter type: The argument's type.
    /// - Returns: Nothing.
    /// - Throws: Always.
    @_disfavoredOverload
    public mutating func decode<T>(_ type: T.Type) throws -> T {
        throw GrainError(.encoding, "A \(T.self) is not Codable and Sendable.")
    }
}
