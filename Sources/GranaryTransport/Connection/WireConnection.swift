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

    /// The reason of an end without an error.
    static let plainEnd = "closed by the other side"

    let engine: TransportEngine
    let wire: any Wire
    // Nothing outside of the wire's loop reaches it, so no access to it needs to be checked while it runs.
    @exclusivity(unchecked) var phase: Phase
    let isOpener: Bool
    @exclusivity(unchecked) var splitter = FrameSplitter()
    var hasHeard = true
    var silentPings = 0
    var pingSent: Int64?
    /// This process's clock when it said hello.
    var helloSent: Int64 = 0
    /// Whether the greeting is over, so that frames may follow.
    var isGreeted = false
    var isAcknowledging = false
    var goodbye: String?
    /// How many frames of this side the other one says, with its goodbye, that it has.
    var goodbyeDelivered: UInt64?
    /// Why the wire closed, while what came before its end is still to be handed on.
    var wireEnd: String?

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

extension WireConnection {
    /// The wire is ready.
    func opened() {
        wire.schedule(after: engine.settings.greeting) { [self] in
            guard !isGreeted, !isClosed else { return }
            fail(WireFault("no greeting within \(engine.settings.greeting)"))
        }
        guard case .awaitingWelcome(let greeting) = phase else { return }
        helloSent = engine.clock
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
        guard !isClosed else { return }
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
        engine.forget(self)
        switch phase {
        case .deciding where isOpener:
            // A goodbye may have come right behind the welcome: the session takes both in `begin`.
            wireEnd = reason
        case .data(let session) where splitter.waiting > 0 && wireEnd == nil:
            // So may one that came while callbacks were running.
            wireEnd = reason
            received(ByteBuffer())
            session.serialized { [self] in wire.execute { self.finish(reason) } }
        default:
            finish(reason)
        }
    }

    /// Nothing more comes, and everything that came was handed on.
    func finish(_ reason: String) {
        let phase = self.phase
        self.phase = .closed
        switch phase {
        case .awaitingWelcome(let greeting): abandon(greeting, .other(reason))
        case .data(let session): session.connectionClosed(self, reason)
        case .control(let link): link.connectionClosed(self, goodbye: goodbye != nil)
        case .awaitingHello:
            // A failed TLS handshake shows here; so do probes that only connect, which nobody wants to read of.
            engine.logger.log(
                level: reason == Self.plainEnd ? .debug : .warning, "a connection ended before its greeting",
                metadata: ["remote": "\(wire.remote)", "reason": "\(reason)"])
        case .deciding, .closed: break
        }
    }

    /// Closes the connection because of what the other side sent.
    func fail(_ fault: WireFault) {
        guard !isClosed else { return }
        engine.logger.warning(
            "closed a connection", metadata: ["remote": "\(wire.remote)", "reason": "\(fault)"])
        if case .data(let session) = phase { session.end(.protocolError, reason: fault.description) }
        let tellsWhy = endsWithGoodbye
        engine.forget(self)
        finish(fault.description)
        guard tellsWhy else { return wire.close() }
        var bytes = ByteBuffer()
        bytes.writeGoodbye(fault.description)
        wire.close(after: bytes)
    }

    /// Whether the other side may be told that this connection failed.
    ///
    /// A goodbye ends the session, or the control link, of whoever reads it: one that opened this connection may have a
    /// session here that goes on over the next.
    private var endsWithGoodbye: Bool {
        switch phase {
        case .data, .awaitingHello: true
        case .deciding: !isOpener
        case .awaitingWelcome, .control, .closed: false
        }
    }

    func abandon(_ greeting: Greeting, _ failure: WireFailure) {
        switch greeting {
        case .data(let session): session.dialFailed(failure)
        case .control(let link): link.dialFailed(failure)
        case .query(let answer): answer(failure.dialOutcome)
        }
    }
}
