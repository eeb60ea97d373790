package import NIOCore

/// The encoded arguments of a call, and what reads them.
@usableFromInline
package struct ReceivedArguments: Sendable {
    private let bytes: ByteBuffer
    private let count: Int
    private let reader: CBORDecoder

    /// Takes the arguments of a call.
    ///
    /// - Parameters:
    ///   - bytes: The arguments, one after the other.
    ///   - count: How many there are.
    ///   - reader: What reads them.
    package init(_ bytes: ByteBuffer, count: Int, reader: CBORDecoder) {
        self.bytes = bytes
        self.count = count
        self.reader = reader
    }

    /// Reads them from the first one on.
    @usableFromInline var decoder: ArgumentDecoder { ArgumentDecoder(bytes, count: count, decoder: reader) }
}
