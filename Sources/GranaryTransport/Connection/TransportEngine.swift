internal import GranaryCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// What the transports have in common: who is welcome, and the sessions and control links with everybody.
final class TransportEngine: Sendable {
    private struct State {
        var identity: TransportIdentity?
        var handler: (any TransportHandler)?
        var isStopped = false
        var sessions: [PeerIdentity: Session] = [:]
        var links: [PeerIdentity: ControlLink] = [:]
        var accepted: Set<ObjectIdentifier> = []
        var dials: [ObjectIdentifier: FirstAnswer<DialOutcome>] = [:]
    }

    /// What a hello is.
    enum Judgement {
        case data
        case control
        case query
        case refused(Refusal)
    }

    let settings: EngineSettings
    let time: any TimeSource
    let random: any RandomSource
    let logger: Logger
    let dialer: any WireDialer
    private let isClient: Bool
    private let state = Mutex(State())

    init(
        settings: EngineSettings, isClient: Bool, time: any TimeSource, random: any RandomSource, logger: Logger,
        dialer: any WireDialer
    ) {
        self.settings = settings
        self.isClient = isClient
        self.time = time
        self.random = random
        self.logger = logger
        self.dialer = dialer
    }

    var handler: (any TransportHandler)? { state.withLock(\.handler) }

    /// This process's clock in nanoseconds.
    var clock: Int64 { time.now.wireNanoseconds }

    private var identity: TransportIdentity {
        state.withLock(\.identity) ?? TransportIdentity(cluster: "", own: PeerIdentity(silo: 0, incarnation: ""))
    }

    func start(_ identity: TransportIdentity, handler: any TransportHandler) throws(TransportError) {
        guard Incarnation.bytes(of: identity.own.incarnation) != nil else {
            throw TransportError(.state, "The incarnation '\(identity.own.incarnation)' is not a UUID.")
        }
        let isFirst = state.withLock { state in
            guard state.identity == nil else { return false }
            state.identity = identity
            state.handler = handler
            return true
        }
        guard isFirst else { throw TransportError(.state, "The transport was started before.") }
    }

    func identify(_ identity: TransportIdentity) { state.withLock { $0.identity = identity } }

    /// Whether this side opens the connections with a peer.
    func dials(_ peer: PeerIdentity) -> Bool { isClient || identity.own.silo > peer.silo }
}

// MARK: Sessions

extension TransportEngine {
    func session(with peer: PeerIdentity, at address: TransportAddress) throws(TransportError) -> Session {
        var isNew = false
        let session: Session? = state.withLock { state in
            guard state.identity != nil, !state.isStopped, let handler = state.handler else { return nil }
            if let session = state.sessions[peer] { return session }
            isNew = true
            let session = Session(peer: peer, engine: self, handler: handler, address: address)
            state.sessions[peer] = session
            return session
        }
        guard let session else { throw TransportError(.state, "The transport is not running.") }
        let link = controlLink(with: peer)
        if !isNew { session.state.withLock { $0.address = address } }
        session.connect()
        link.keep(at: address)
        return session
    }

    private func controlLink(with peer: PeerIdentity) -> ControlLink {
        state.withLock { state in
            if let link = state.links[peer] { return link }
            let link = ControlLink(peer: peer, engine: self)
            state.links[peer] = link
            return link
        }
    }

    func sendControl(_ message: ByteBuffer, to peer: PeerIdentity) -> Bool {
        state.withLock { $0.links[peer] }?.send(message) ?? false
    }

    func drop(_ peer: PeerIdentity, reason: String) {
        let (session, link) = state.withLock { ($0.sessions[peer], $0.links.removeValue(forKey: peer)) }
        session?.end(.dropped, reason: reason)
        link?.close(reason)
    }

    func remove(_ session: Session) {
        state.withLock { state in
            if state.sessions[session.peer] === session { state.sessions[session.peer] = nil }
        }
    }

    /// Waits until the peers have everything, at most until the limit, and ends all sessions.
    func stop(within limit: Duration) async {
        let sessions: [Session]? = state.withLock { state in
            defer { state.isStopped = true }
            return state.isStopped ? nil : Array(state.sessions.values)
        }
        guard let sessions else { return }
        dialer.schedule(after: limit) { for session in sessions { session.end(.dropped, reason: "stopped") } }
        for session in sessions {
            await session.drained()
            session.end(.dropped, reason: "stopped")
        }
        let (rest, links) = state.withLock { (Array($0.sessions.values), Array($0.links.values)) }
        for session in rest { session.end(.dropped, reason: "stopped") }
        for link in links { link.close("stopped") }
    }

    /// Lets go of the handler once nothing is heard any more.
    func finish() {
        let dials = state.withLock { state in
            state.handler = nil
            state.links = [:]
            return Array(state.dials.values)
        }
        for dial in dials { dial.give(.timeout) }
    }

    func measured(_ peer: PeerIdentity, sent: Int64, received: Int64, peer clock: Int64) {
        state.withLock { $0.sessions[peer] }?.measure { $0.add(sent: sent, received: received, peer: clock) }
    }

    func assume(_ clock: Int64, of peer: PeerIdentity) {
        let now = self.clock
        state.withLock { $0.sessions[peer] }?.measure { $0.assume(peer: clock, received: now) }
    }
}

// MARK: Greetings

extension TransportEngine {
    func hello(_ purpose: Hello.Purpose, to peer: PeerIdentity?) -> Hello {
        let identity = identity
        return Hello(
            purpose: purpose, cluster: identity.cluster, sender: identity.own, receiver: peer, session: 0,
            resumes: false, delivered: 0, largestMessage: UInt64(settings.limits.largestMessage), clock: clock)
    }

    func welcome(_ hello: Hello, delivered: UInt64) -> Welcome {
        Welcome(
            version: min(hello.newestVersion, WireFormat.newestVersion), sender: identity.own, session: hello.session,
            delivered: delivered, largestMessage: UInt64(settings.limits.largestMessage), clock: clock)
    }

    func judge(_ hello: Hello, from remote: String) -> Judgement {
        let identity = identity
        let own = identity.own
        guard hello.oldestVersion <= WireFormat.newestVersion, hello.newestVersion >= WireFormat.oldestVersion else {
            return .refused(
                Refusal(
                    code: .version,
                    reason: "\(hello.sender) speaks versions \(hello.oldestVersion) to \(hello.newestVersion) of the "
                        + "protocol, \(own) speaks \(WireFormat.oldestVersion) to \(WireFormat.newestVersion)"))
        }
        guard hello.cluster == identity.cluster else {
            return .refused(
                Refusal(
                    code: .cluster,
                    reason: "\(hello.sender) belongs to cluster '\(hello.cluster)', \(own) to '\(identity.cluster)'"))
        }
        if hello.purpose == .query { return .query }
        guard hello.receiver == own else {
            let meant = hello.receiver.map { "\($0)" } ?? "nobody"
            return .refused(
                Refusal(
                    code: own.silo == 0 ? .busy : .incarnation,
                    reason: "\(hello.sender) means to reach \(meant), but \(own) is here"))
        }
        guard hello.sender.isClient || hello.sender.silo > own.silo else {
            return .refused(
                Refusal(code: .other, reason: "\(hello.sender) has the lower number and must wait to be dialed"))
        }
        if case .refused(let code, let reason) = handler?.admits(hello.sender) {
            return .refused(Refusal(code: code, reason: reason))
        }
        return state.withLock(\.isStopped)
            ? .refused(Refusal(code: .busy, reason: "\(own) is stopping"))
            : hello.purpose == .data ? .data : .control
    }

    func acceptControl(_ hello: Hello) -> ControlLink {
        assume(hello.clock, of: hello.sender)
        return controlLink(with: hello.sender)
    }

    /// Finds or begins the session that a hello means, and hands it the connection.
    func acceptData(_ hello: Hello, on connection: WireConnection) {
        var replaced: Session?
        let session: Session? = state.withLock { state in
            if let known = state.sessions[hello.sender] {
                let (number, hasOpened) = known.state.withLock { ($0.number, $0.hasOpened) }
                if number == hello.session || number == nil && !hello.resumes && !hasOpened { return known }
                replaced = known
            }
            guard !hello.resumes, let handler = state.handler else {
                replaced = nil
                return nil
            }
            let address = replaced?.state.withLock(\.address)
            let session = Session(peer: hello.sender, engine: self, handler: handler, address: address)
            state.sessions[hello.sender] = session
            return session
        }
        // It took the old one's place in the table already.
        replaced?.end(.lost, reason: "the peer began a new session")
        guard let session else {
            return connection.refuse(
                Refusal(code: .session, reason: "\(hello.sender) wants to go on with a session that is not known here"))
        }
        assume(hello.clock, of: hello.sender)
        session.accept(hello, on: connection)
    }
}

// MARK: Connections

extension TransportEngine {
    /// A connection for a wire that the other side opened; `nil` when there are too many.
    func accept(_ wire: any Wire) -> WireConnection? {
        let connection = WireConnection(acceptedBy: self, wire: wire)
        let isWelcome = state.withLock { state in
            guard !state.isStopped, state.accepted.count < settings.connections else { return false }
            state.accepted.insert(ObjectIdentifier(connection))
            return true
        }
        guard isWelcome else {
            logger.warning("refused a connection", metadata: ["remote": "\(wire.remote)", "reason": "too many"])
            return nil
        }
        return connection
    }

    func forget(_ connection: WireConnection) {
        _ = state.withLock { $0.accepted.remove(ObjectIdentifier(connection)) }
    }

    /// Opens a connection.
    func open(
        _ address: TransportAddress, _ greeting: WireConnection.Greeting,
        failed: @escaping @Sendable (WireFailure) -> Void
    ) {
        let purpose: Hello.Purpose =
            switch greeting {
            case .data: .data
            case .control: .control
            case .query: .query
            }
        dialer.dial(address, for: purpose, within: settings.greeting) { wire in
            WireConnection(openedBy: self, wire: wire, for: greeting)
        } failed: {
            failed($0)
        }
    }

    /// Learns who listens at an address.
    func dial(_ address: TransportAddress, within timeout: Duration) async -> DialOutcome {
        let answer = FirstAnswer<DialOutcome>()
        let isRunning = state.withLock { state in
            if !state.isStopped { state.dials[ObjectIdentifier(answer)] = answer }
            return !state.isStopped
        }
        guard isRunning else { return .timeout }
        defer { _ = state.withLock { $0.dials.removeValue(forKey: ObjectIdentifier(answer)) } }
        open(address, .query { answer.give($0) }) { answer.give($0 == .refused ? .refused : .timeout) }
        dialer.schedule(after: timeout) { answer.give(.timeout) }
        return await answer.value
    }
}
