internal import NIOCore

/// Writers of the small frames that belong to a connection.
extension ByteBuffer {
    /// The session is over, for a reason in words.
    ///
    /// - Parameters:
    ///   - reason: The reason.
    ///   - delivered: How many numbered frames were delivered, where no other one ever will be; `nil` where that is not
    ///     known.
    mutating func writeGoodbye(_ reason: String, delivered: UInt64? = nil) {
        writeFrame(FrameType.goodbye) { buffer in
            buffer.writeText(String(reason.prefix(500)))
            if let delivered { buffer.writeVarint(delivered) }
        }
    }

    /// Asks for a pong; the clock is the sender's.
    mutating func writePing(clock: Int64) {
        writeFrame(FrameType.ping) { $0.writeInteger(clock) }
    }

    /// Answers a ping: the clock that came with it, and the sender's own.
    mutating func writePong(echo: Int64, clock: Int64) {
        writeFrame(FrameType.pong) { buffer in
            buffer.writeInteger(echo)
            buffer.writeInteger(clock)
        }
    }

    /// All numbered frames up to this one were delivered.
    mutating func writeAcknowledgement(_ delivered: UInt64) {
        writeFrame(FrameType.acknowledgement) { $0.writeVarint(delivered) }
    }
}
