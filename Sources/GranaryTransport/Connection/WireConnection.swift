internal import GranaryCore
internal import Logging
internal import NIOCore

/// One connection, from its greeting to its end.
///
/// Its state is touched on its wire's loop only, which is why it may be shared: other threads reach it through
/// ``Wire/execute(_:)``.
final class WireConnection: @unchecked Sendable {
    /// What the connection is doing.
    enum Phase {
        /// It was opened by the other side, which has to say hello.
        case awaitingHello
        /// This side said hello and awaits the answer.
        case awaitingWelcome(Greeting)
        /// The greeting is being decided, which may take another thread.
        case deciding
        /// It carries a session.
        case data(Session)
        /// It carries probes.
        case control(ControlLink)
        /// It is over.
        case closed
    }

    /// What this side opened the connection for.
    enum Greeting {
        case data(Session)
        case control(ControlLink)
        case query(@Sendable (DialOutcome) -> Void)
    }

    let engine: TransportEngine
    let wire: any Wire
    private(set) var phase: Phase
    private let isOpener: Bool
    private var splitter = FrameSplitter()
    private var hasHeard = true
    private var silentPings = 0
    private var pingSent: Int64?
    /// Whether the greeting is over, so that frames may follow.
    private(set) var isGreeted = false
    private var isAcknowledging = false
    private var goodbye: String?

    /// A connection that the other side opened.
    init(acceptedBy engine: TransportEngine, wire: any Wire) {
        self.engine = engine
        self.wire = wire
        phase = .awaitingHello
        isOpener = false
    }

    /// A connection that this side opened.
    init(openedBy engine: TransportEngine, wire: any Wire, for greeting: Greeting) {
        self.engine = engine
        self.wire = wire
        phase = .awaitingWelcome(greeting)
        isOpener = true
    }

    /// Whether nothing more comes from here.
    var isClosed: Bool { if case .closed = phase { true } else { false } }
}

// MARK: Events of the wire

extension WireConnection {
    /// The wire is ready.
    func opened() {
        wire.schedule(after: engine.settings.greeting) { [weak self] in
            guard let self, !isGreeted, !isClosed else { return }
            fail(WireFault("no greeting within \(engine.settings.greeting)"))
        }
        guard case .awaitingWelcome(let greeting) = phase else { return }
        var bytes = ByteBuffer()
        switch greeting {
        case .data(let session): session.hello().write(to: &bytes)
        case .control(let link): engine.hello(.control, to: link.peer).write(to: &bytes)
        case .query: engine.hello(.query, to: nil).write(to: &bytes)
        }
        wire.write(bytes)
        wire.flush()
    }

    /// Bytes arrived.
    func received(_ bytes: ByteBuffer) {
        hasHeard = true
        splitter.append(bytes)
        do throws(WireFault) {
            while true {
                switch phase {
                case .awaitingHello, .awaitingWelcome:
                    guard let frame = try splitter.next() else { return }
                    try greet(frame)
                case .deciding:
                    // Whoever said hello has to wait; whoever was greeted may go on at once.
                    guard isOpener || splitter.waiting <= WireFormat.largestGreeting else {
                        throw WireFault("frames before the greeting was answered")
                    }
                    return
                case .data(let session):
                    return try deliver(to: session)
                case .control(let link):
                    guard let frame = try splitter.next() else { return }
                    try receiveControl(frame, on: link)
                case .closed:
                    return
                }
            }
        } catch {
            fail(error)
        }
    }

    /// The wire takes bytes again.
    func becameWritable() {
        if case .data(let session) = phase { session.flush(on: self) }
    }

    /// The wire closed.
    func wireClosed(_ reason: String) {
        let phase = self.phase
        self.phase = .closed
        switch phase {
        case .awaitingWelcome(let greeting): abandon(greeting, .other(reason))
        case .data(let session): session.connectionClosed(self, reason)
        case .control(let link): link.connectionClosed(self, goodbye: goodbye != nil)
        case .awaitingHello, .deciding, .closed: break
        }
        engine.forget(self)
    }

    /// Closes the connection because of what the other side sent.
    func fail(_ fault: WireFault) {
        guard !isClosed else { return }
        engine.logger.warning(
            "closed a connection", metadata: ["remote": "\(wire.remote)", "reason": "\(fault)"])
        let phase = self.phase
        if case .data(let session) = phase { session.end(.protocolError, reason: fault.description) }
        var bytes = ByteBuffer()
        bytes.writeGoodbye(fault.description)
        wireClosed(fault.description)
        wire.close(after: bytes)
    }

    private func abandon(_ greeting: Greeting, _ failure: WireFailure) {
        switch greeting {
        case .data(let session): session.dialFailed(failure)
        case .control(let link): link.dialFailed(failure)
        case .query(let answer): answer(.timeout)
        }
    }
}

// MARK: Greeting

extension WireConnection {
    private func greet(_ frame: ByteBuffer) throws(WireFault) {
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

    private func welcomed(_ welcome: Welcome, _ greeting: Greeting) throws(WireFault) {
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
            engine.assume(welcome.clock, of: link.peer)
            link.attached(self)
        case .data(let session):
            guard welcome.sender == session.peer else {
                throw WireFault("\(welcome.sender) answered for \(session.peer)")
            }
            engine.assume(welcome.clock, of: session.peer)
            phase = .deciding
            session.welcomed(welcome, on: self)
        }
    }

    private func refused(_ refusal: Refusal, _ greeting: Greeting) {
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
        case .query(let answer): answer(.timeout)
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

    private func answerQuery(_ hello: Hello) {
        var bytes = ByteBuffer()
        engine.welcome(hello, delivered: 0).write(to: &bytes)
        phase = .closed
        engine.forget(self)
        wire.close(after: bytes)
    }

    private func write(_ welcome: Welcome) {
        var bytes = ByteBuffer()
        welcome.write(to: &bytes)
        wire.write(bytes)
        wire.flush()
    }

    /// A session was attached: writes the welcome if there is one to write, then whatever waits. From any thread.
    func begin(_ session: Session, with welcome: Welcome?) {
        wire.execute { [self] in
            guard !isClosed else { return session.connectionClosed(self, "closed while greeting") }
            if let welcome { write(welcome) }
            carry(.data(session))
            session.flush(on: self)
            // What arrived behind the welcome.
            received(ByteBuffer())
        }
    }

    private func carry(_ next: Phase) {
        phase = next
        isGreeted = true
        splitter.largestFrame = WireFormat.largestFrame
        tick()
    }

    /// Closes a connection whose session went over to another one. From any thread.
    func supersede() {
        wire.execute { [self] in
            phase = .closed
            engine.forget(self)
            wire.close()
        }
    }

    /// Says goodbye and closes. From any thread.
    func bid(_ reason: String) {
        wire.execute { [self] in
            guard !isClosed else { return }
            phase = .closed
            engine.forget(self)
            var bytes = ByteBuffer()
            bytes.writeGoodbye(reason)
            wire.close(after: bytes)
        }
    }
}

// MARK: Frames

extension WireConnection {
    private func deliver(to session: Session) throws(WireFault) {
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
                        session.end(.goodbye, reason: goodbye)
                        break
                    }
                }
            }
        } catch {
            fault = error
        }
        session.endDelivery(of: numbered, on: self)
        if let fault { throw fault }
        acknowledgeSoon(session)
    }

    private func receiveControl(_ frame: ByteBuffer, on link: ControlLink) throws(WireFault) {
        var reader = FrameReader(frame)
        let type = try reader.integer(UInt8.self)
        if type == FrameType.message {
            engine.handler?.received(control: reader.buffer, from: link.peer)
        } else {
            try receive(type, &reader, of: link.peer) { _ throws(WireFault) in }
            if goodbye != nil {
                wireClosed("goodbye")
                wire.close()
            }
        }
    }

    /// A frame that belongs to the connection.
    private func receive(
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
        case FrameType.hello, FrameType.welcome, FrameType.refusal:
            throw WireFault("a second greeting")
        default:
            break
        }
    }

    private func acknowledgeSoon(_ session: Session) {
        guard !isAcknowledging, session.owesAcknowledgement else { return }
        isAcknowledging = true
        wire.schedule(after: engine.settings.acknowledgement) { [weak self] in
            guard let self else { return }
            isAcknowledging = false
            session.flush(on: self)
        }
    }

    private func tick() {
        guard !isClosed else { return }
        silentPings = hasHeard ? 0 : silentPings + 1
        hasHeard = false
        guard silentPings < engine.settings.silentPings else {
            let reason = "nothing was heard for \(silentPings) pings"
            engine.logger.warning(
                "closed a connection", metadata: ["remote": "\(wire.remote)", "reason": "\(reason)"])
            wireClosed(reason)
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
        wire.schedule(after: engine.settings.ping) { [weak self] in self?.tick() }
    }
}
