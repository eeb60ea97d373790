package import NIOCore

/// Writes a call's arguments in order, where the call has to travel.
public struct ArgumentEncoder: Sendable {
    package private(set) var buffer: ByteBuffer
    package private(set) var count = 0
    private let encoder = CBOREncoder()

    package init(buffer: ByteBuffer = ByteBuffer()) { self.buffer = buffer }

    /// Writes the next argument.
    ///
    /// - Parameter value: The argument.
    /// - Throws: ``GrainError`` with code `.encoding`.
    public mutating func encode<T: Codable & Sendable>(_ value: T) throws {
        do {
            try encoder.encode(value, into: &buffer)
        } catch {
            throw GrainError(.encoding, "Argument \(count + 1), a \(T.self), cannot be encoded.", cause: error)
        }
        count += 1
    }

    /// Writes the arguments of another encoder behind those that are there.
    mutating func append(_ other: ArgumentEncoder) {
        buffer.writeImmutableBuffer(other.buffer)
        count += other.count
    }

    /// Only there so that an argument that cannot travel is reported once, at the method.
    ///
    /// - Parameter value: The argument.
    /// - Throws: Never returns normally.
    @_disfavoredOverload
    public mutating func encode<T>(_ value: T) throws {
        throw GrainError(.encoding, "A \(T.self) is not Codable and Sendable.")
    }
}
