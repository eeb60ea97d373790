internal import GranaryCore
internal import Logging
internal import NIOCore

extension WireConnection {
    func greet(_ frame: ByteBuffer) throws(WireFault) {
        var reader = FrameReader(frame)
        let type = try reader.integer(UInt8.self)
        if case .awaitingWelcome(let greeting) = phase {
            switch type {
            case FrameType.welcome: try welcomed(try Welcome(reading: &reader), greeting)
            case FrameType.refusal: refused(try Refusal(reading: &reader), greeting)
            case FrameType.goodbye: throw WireFault("the other side says: \(try reader.text())")
            default: throw WireFault("frame type \(type) in place of a welcome")
            }
            return
        }
        guard type == FrameType.hello else { throw WireFault("frame type \(type) in place of a hello") }
        let hello = try Hello(reading: &reader)
        switch engine.judge(hello, from: wire.remote) {
        case .refused(let refusal):
            refuse(refusal)
        case .query:
            answerQuery(hello)
        case .control:
            let link = engine.acceptControl(hello)
            write(engine.welcome(hello, delivered: 0))
            carry(.control(link))
            link.attached(self)
        case .data:
            phase = .deciding
            engine.acceptData(hello, on: self)
        }
    }

    func welcomed(_ welcome: Welcome, _ greeting: Greeting) throws(WireFault) {
        guard (WireFormat.oldestVersion...WireFormat.newestVersion).contains(welcome.version) else {
            throw WireFault("a welcome in version \(welcome.version)")
        }
        switch greeting {
        case .query(let answer):
            answer(.accepted(welcome.sender))
            phase = .closed
            engine.forget(self)
            wire.close()
        case .control(let link):
            guard welcome.sender == link.peer else { throw WireFault("\(welcome.sender) answered for \(link.peer)") }
            carry(.control(link))
            engine.measured(link.peer, sent: helloSent, received: engine.clock, peer: welcome.clock)
            link.attached(self)
        case .data(let session):
            guard welcome.sender == session.peer else {
                throw WireFault("\(welcome.sender) answered for \(session.peer)")
            }
            engine.measured(session.peer, sent: helloSent, received: engine.clock, peer: welcome.clock)
            phase = .deciding
            session.welcomed(welcome, on: self)
        }
    }

    func refused(_ refusal: Refusal, _ greeting: Greeting) {
        engine.logger.warning(
            "a connection was refused by the other side",
            metadata: ["remote": "\(wire.remote)", "reason": "\(refusal.reason)"])
        phase = .closed
        engine.forget(self)
        wire.close()
        switch greeting {
        case .data(let session): session.refused(refusal)
        case .control(let link): link.refused(refusal)
        // Whoever refuses is there, but did not say who it is.
        case .query(let answer): answer(.unwelcome(refusal.code, reason: refusal.reason))
        }
    }

    /// Refuses the hello; on the loop.
    func refuse(_ refusal: Refusal) {
        engine.logger.warning(
            "refused a connection", metadata: ["remote": "\(wire.remote)", "reason": "\(refusal.reason)"])
        var bytes = ByteBuffer()
        refusal.write(to: &bytes)
        phase = .closed
        engine.forget(self)
        wire.close(after: bytes)
    }

    func answerQuery(_ hello: Hello) {
        var bytes = ByteBuffer()
        engine.welcome(hello, delivered: 0).write(to: &bytes)
        phase = .closed
        engine.forget(self)
        wire.close(after: bytes)
    }

    func write(_ welcome: Welcome) {
        var bytes = ByteBuffer()
        welcome.write(to: &bytes)
        wire.write(bytes)
        wire.flush()
    }

    /// A session was attached: writes the welcome if there is one to write, then whatever waits.
    ///
    /// From any thread.
    func begin(_ session: Session, with welcome: Welcome?) {
        wire.execute { [self] in
            guard !isClosed else { return session.connectionClosed(self, "closed while greeting") }
            if let reason = wireEnd {
                phase = .data(session)
                wireEnd = nil
                splitter.largestFrame = WireFormat.largestFrame
                return wireClosed(reason)
            }
            if let welcome { write(welcome) }
            carry(.data(session))
            session.flush(on: self)
            // What arrived behind the welcome.
            received(ByteBuffer())
        }
    }

    func carry(_ next: Phase) {
        phase = next
        isGreeted = true
        splitter.largestFrame = WireFormat.largestFrame
        tick()
    }

    /// Closes a connection whose session went over to another one.
    ///
    /// From any thread.
    func supersede() {
        wire.execute { [self] in
            phase = .closed
            engine.forget(self)
            wire.close()
        }
    }

    /// Says goodbye and closes.
    ///
    /// From any thread.
    ///
    /// - Parameters:
    ///   - reason: Why, in words.
    ///   - delivered: How many numbered frames of the session were delivered, where no other one ever will be.
    func bid(_ reason: String, delivered: UInt64? = nil) {
        wire.execute { [self] in
            guard !isClosed else { return }
            phase = .closed
            engine.forget(self)
            var bytes = ByteBuffer()
            bytes.writeGoodbye(reason, delivered: delivered)
            wire.close(after: bytes)
        }
    }
}
