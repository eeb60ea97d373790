internal import NIOCore

/// Walks over frames that this process wrote itself.
enum FrameScan {
    /// Moves past some numbered frames, and past what stands between them.
    static func skip(_ count: UInt64, of bytes: inout ByteBuffer) {
        var left = count
        while left > 0, let frame = next(of: &bytes) {
            if frame.type >= FrameType.firstNumbered { left -= 1 }
        }
    }

    /// Collects the numbers of the calls among the frames.
    static func calls(in bytes: ByteBuffer, into calls: inout [UInt64]) {
        var bytes = bytes
        while let frame = next(of: &bytes) {
            // Length, type and flags come before the number.
            if frame.type == FrameType.call, let id = frame.bytes.getInteger(at: frame.start + 6, as: UInt64.self) {
                calls.append(id)
            }
        }
    }

    private static func next(of bytes: inout ByteBuffer) -> (type: UInt8, bytes: ByteBuffer, start: Int)? {
        let start = bytes.readerIndex
        guard let length = bytes.getInteger(at: start, as: UInt32.self),
            let type = bytes.getInteger(at: start + WireFormat.lengthBytes, as: UInt8.self),
            bytes.readableBytes >= WireFormat.lengthBytes + Int(length)
        else { return nil }
        bytes.moveReaderIndex(forwardBy: WireFormat.lengthBytes + Int(length))
        return (type, bytes, start)
    }
}
