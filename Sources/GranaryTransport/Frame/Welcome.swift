internal import GranaryCore
internal import NIOCore

/// The answer to a hello that is accepted.
struct Welcome: Hashable {
    /// The version that both sides speak from here on.
    var version = WireFormat.newestVersion
    var sender: PeerIdentity
    var session: UInt64
    /// How many frames of the one who said hello were delivered.
    var delivered: UInt64
    /// The most bytes of a message that the sender takes.
    var largestMessage: UInt64
    /// The sender's clock in nanoseconds.
    var clock: Int64
}

extension Welcome {
    func write(to buffer: inout ByteBuffer) {
        buffer.writeFrame(FrameType.welcome) { buffer in
            buffer.writeVarint(version)
            buffer.writeSignedVarint(Int64(sender.silo))
            Incarnation.write(sender.incarnation, to: &buffer)
            buffer.writeInteger(session)
            buffer.writeVarint(delivered)
            buffer.writeVarint(largestMessage)
            buffer.writeInteger(clock)
        }
    }

    init(reading reader: inout FrameReader) throws(WireFault) {
        version = try reader.varint()
        sender = PeerIdentity(silo: try reader.silo(), incarnation: try Incarnation.read(from: &reader))
        session = try reader.integer(UInt64.self)
        delivered = try reader.varint()
        largestMessage = try reader.varint()
        clock = try reader.integer(Int64.self)
    }
}
