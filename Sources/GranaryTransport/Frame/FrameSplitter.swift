internal import NIOCore

/// Cuts a stream of bytes into frames.
struct FrameSplitter {
    private var bytes = ByteBuffer()
    /// Whether frames were cut out of the bytes, so that appending to them would copy all of them.
    private var isShared = false
    /// The most bytes that may follow a length field.
    var largestFrame = WireFormat.largestGreeting

    /// Takes more of the stream.
    mutating func append(_ more: ByteBuffer) {
        if bytes.readableBytes == 0 {
            bytes = more
            isShared = true
            return
        }
        if isShared {
            var own = ByteBufferAllocator().buffer(capacity: bytes.readableBytes + more.readableBytes)
            own.writeImmutableBuffer(bytes)
            bytes = own
            isShared = false
        }
        bytes.writeImmutableBuffer(more)
    }

    /// The next whole frame without its length: its type, then its body.
    ///
    /// - Returns: `nil` when more bytes are needed.
    /// - Throws: When the length is 0 or more than a frame may have.
    @inline(__always)
    mutating func next() throws(WireFault) -> ByteBuffer? {
        guard let length = bytes.getInteger(at: bytes.readerIndex, as: UInt32.self) else { return nil }
        guard length > 0, Int(length) <= largestFrame else {
            throw WireFault("a frame of \(length) bytes; 1 to \(largestFrame) are allowed here")
        }
        guard bytes.readableBytes >= WireFormat.lengthBytes + Int(length) else { return nil }
        bytes.moveReaderIndex(forwardBy: WireFormat.lengthBytes)
        isShared = true
        return bytes.readSlice(length: Int(length))
    }

    /// How many bytes wait for the rest of their frame.
    var waiting: Int { bytes.readableBytes }
}
