internal import GranaryCore
internal import Logging
internal import NIOCore

extension WireConnection {
    func deliver(to session: Session) throws(WireFault) {
        guard session.beginDelivery(on: self) else { return }
        var numbered: UInt64 = 0
        var fault: WireFault?
        let offset = session.offset
        do throws(WireFault) {
            while let frame = try splitter.next() {
                var reader = FrameReader(frame)
                let type = try reader.integer(UInt8.self)
                if type >= FrameType.firstNumbered {
                    try session.receive(type, &reader, offset: offset)
                    numbered += 1
                } else {
                    try receive(type, &reader, of: session.peer) { number throws(WireFault) in
                        try session.acknowledged(number)
                    }
                    if let goodbye {
                        session.end(.goodbye, reason: goodbye, peerDelivered: goodbyeDelivered)
                        break
                    }
                }
            }
        } catch {
            fault = error
        }
        if numbered > 0 { session.handler.receivedAll(from: session) }
        session.endDelivery(of: numbered, on: self)
        if let fault { throw fault }
        acknowledgeSoon(session)
    }

    func receiveControl(_ frame: ByteBuffer, on link: ControlLink) throws(WireFault) {
        var reader = FrameReader(frame)
        let type = try reader.integer(UInt8.self)
        if type == FrameType.message {
            engine.handler?.received(control: reader.buffer, from: link.peer)
        } else {
            try receive(type, &reader, of: link.peer) { _ throws(WireFault) in }
            if goodbye != nil {
                engine.forget(self)
                finish("goodbye")
                wire.close()
            }
        }
    }

    /// A frame that belongs to the connection.
    func receive(
        _ type: UInt8, _ reader: inout FrameReader, of peer: PeerIdentity,
        acknowledged: (UInt64) throws(WireFault) -> Void
    ) throws(WireFault) {
        switch type {
        case FrameType.ping:
            let echo = try reader.integer(Int64.self)
            // Nobody answers for a peer that does not read.
            guard wire.isWritable else { return }
            var bytes = ByteBuffer()
            bytes.writePong(echo: echo, clock: engine.clock)
            wire.write(bytes)
            wire.flush()
        case FrameType.pong:
            let echo = try reader.integer(Int64.self)
            let clock = try reader.integer(Int64.self)
            guard echo == pingSent else { return }
            pingSent = nil
            engine.measured(peer, sent: echo, received: engine.clock, peer: clock)
        case FrameType.acknowledgement:
            try acknowledged(try reader.varint())
        case FrameType.goodbye:
            goodbye = try reader.text()
            if reader.buffer.readableBytes > 0 { goodbyeDelivered = try reader.varint() }
        case FrameType.hello, FrameType.welcome, FrameType.refusal:
            throw WireFault("a second greeting")
        default:
            break
        }
    }

    func acknowledgeSoon(_ session: Session) {
        guard !isAcknowledging, session.owesAcknowledgement else { return }
        isAcknowledging = true
        wire.schedule(after: engine.settings.acknowledgement) { [self] in
            isAcknowledging = false
            session.flush(on: self)
        }
    }

    func tick() {
        guard !isClosed else { return }
        silentPings = hasHeard ? 0 : silentPings + 1
        hasHeard = false
        guard silentPings < engine.settings.silentPings else {
            let reason = "nothing was heard for \(silentPings) pings"
            engine.logger.warning(
                "closed a connection", metadata: ["remote": "\(wire.remote)", "reason": "\(reason)"])
            engine.forget(self)
            finish(reason)
            return wire.close()
        }
        if wire.isWritable {
            let now = engine.clock
            pingSent = now
            var bytes = ByteBuffer()
            bytes.writePing(clock: now)
            wire.write(bytes)
            wire.flush()
        }
        wire.schedule(after: engine.settings.ping) { [self] in tick() }
    }
}
