internal import NIOCore

/// A piece of a message that is too large for one frame.
struct Chunk: Hashable {
    private static let isFirst: UInt8 = 1
    private static let isLast: UInt8 = 2

    /// Which message of the session it belongs to.
    var message: UInt64
    /// The length of the whole message, on its first chunk only.
    var total: UInt64?
    /// Whether the message is complete with it.
    var isComplete: Bool
    /// The piece.
    var bytes: ByteBuffer
}

extension Chunk {
    func write(to buffer: inout ByteBuffer) {
        buffer.writeFrame(FrameType.chunk) { buffer in
            buffer.writeInteger((total == nil ? 0 : Self.isFirst) | (isComplete ? Self.isLast : 0))
            buffer.writeVarint(message)
            if let total { buffer.writeVarint(total) }
            buffer.writeBlock(bytes)
        }
    }

    init(reading reader: inout FrameReader) throws(WireFault) {
        let flags = try reader.integer(UInt8.self)
        message = try reader.varint()
        total = flags & Self.isFirst == 0 ? nil : try reader.varint()
        isComplete = flags & Self.isLast != 0
        bytes = try reader.block()
    }
}
