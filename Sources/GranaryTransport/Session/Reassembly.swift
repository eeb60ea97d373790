internal import NIOCore

/// The large messages that are arriving.
struct Reassembly {
    private struct Partial {
        var total: Int
        var bytes: ByteBuffer
    }

    private var partials: [UInt64: Partial] = [:]

    /// Takes a chunk.
    ///
    /// - Parameters:
    ///   - chunk: The chunk.
    ///   - limit: The most bytes of a message.
    /// - Returns: The whole message, type and body, if this was its last chunk.
    /// - Throws: When the chunk does not fit what came before, or the message is too large.
    mutating func receive(_ chunk: Chunk, limit: Int) throws(WireFault) -> ByteBuffer? {
        var partial: Partial
        if let total = chunk.total {
            guard total <= UInt64(limit) else {
                throw WireFault("a message of \(total) bytes; at most \(limit) are taken")
            }
            guard partials[chunk.message] == nil else { throw WireFault("a chunked message begins twice") }
            guard partials.count < WireFormat.chunkedAtOnce else {
                throw WireFault("more than \(WireFormat.chunkedAtOnce) large messages at once")
            }
            partial = Partial(total: Int(total), bytes: ByteBuffer())
        } else {
            guard let known = partials.removeValue(forKey: chunk.message) else {
                throw WireFault("a chunk belongs to no message")
            }
            partial = known
        }
        partial.bytes.writeImmutableBuffer(chunk.bytes)
        let count = partial.bytes.readableBytes
        guard count <= partial.total, chunk.isComplete == (count == partial.total), chunk.bytes.readableBytes > 0 else {
            throw WireFault("the chunks of a message have \(count) bytes of \(partial.total)")
        }
        if chunk.isComplete { return partial.bytes }
        partials[chunk.message] = partial
        return nil
    }
}
