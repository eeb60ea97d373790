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
            if let call = frame.call { calls.append(call) }
        }
    }

    private static func next(of bytes: inout ByteBuffer) -> (type: UInt8, call: UInt64?)? {
        let start = bytes.readerIndex
        guard let length = bytes.getInteger(at: start, as: UInt32.self),
            let type = bytes.getInteger(at: start + WireFormat.lengthBytes, as: UInt8.self),
            bytes.readableBytes >= WireFormat.lengthBytes + Int(length)
        else { return nil }
        // A call's flags stand between its type and its number.
        let call =
            type == FrameType.call ? bytes.getInteger(at: start + WireFormat.lengthBytes + 2, as: UInt64.self) : nil
        bytes.moveReaderIndex(forwardBy: WireFormat.lengthBytes + Int(length))
        return (type, call)
    }
}
