internal import GranaryCore
internal import NIOCore

/// The first frame of whoever opened a connection.
struct Hello: Hashable {
    /// What the connection is for.
    enum Purpose: UInt8 {
        /// A session's frames.
        case data = 1
        /// Probes.
        case control = 2
        /// Only to learn who answers.
        case query = 3
    }

    var oldestVersion = WireFormat.oldestVersion
    var newestVersion = WireFormat.newestVersion
    var purpose: Purpose
    var cluster: String
    var sender: PeerIdentity
    /// Whom the sender means to reach; nobody in particular for a query.
    var receiver: PeerIdentity?
    /// The number that the sender gave the session.
    var session: UInt64
    /// Whether the session had begun before.
    var resumes: Bool
    /// How many of the receiver's frames were delivered to the sender.
    var delivered: UInt64
    /// The most bytes of a message that the sender takes.
    var largestMessage: UInt64
    /// The sender's clock in nanoseconds.
    var clock: Int64
}

extension Hello {
    func write(to buffer: inout ByteBuffer) {
        buffer.writeFrame(FrameType.hello) { buffer in
            buffer.writeInteger(WireFormat.magic)
            buffer.writeVarint(oldestVersion)
            buffer.writeVarint(newestVersion)
            buffer.writeInteger(purpose.rawValue)
            buffer.writeInteger(resumes ? UInt8(1) : 0)
            buffer.writeText(cluster)
            buffer.writeSignedVarint(Int64(sender.silo))
            Incarnation.write(sender.incarnation, to: &buffer)
            buffer.writeSignedVarint(Int64(receiver?.silo ?? 0))
            Incarnation.write(receiver?.incarnation ?? "", to: &buffer)
            buffer.writeInteger(session)
            buffer.writeVarint(delivered)
            buffer.writeVarint(largestMessage)
            buffer.writeInteger(clock)
        }
    }

    /// Reads what follows the type; later versions may append fields, which are passed over.
    init(reading reader: inout FrameReader) throws(WireFault) {
        guard try reader.integer(UInt32.self) == WireFormat.magic else {
            throw WireFault("the hello does not begin with GRNY")
        }
        oldestVersion = try reader.varint()
        newestVersion = try reader.varint()
        guard let purpose = Purpose(rawValue: try reader.integer(UInt8.self)) else {
            throw WireFault("the hello has an unknown purpose")
        }
        self.purpose = purpose
        resumes = try reader.integer(UInt8.self) & 1 == 1
        cluster = try reader.text()
        sender = PeerIdentity(silo: try reader.silo(), incarnation: try Incarnation.read(from: &reader))
        let receiver = PeerIdentity(silo: try reader.silo(), incarnation: try Incarnation.read(from: &reader))
        self.receiver = receiver.incarnation == Incarnation.text(0, 0) ? nil : receiver
        session = try reader.integer(UInt64.self)
        delivered = try reader.varint()
        largestMessage = try reader.varint()
        clock = try reader.integer(Int64.self)
    }
}
