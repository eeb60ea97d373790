internal import GranaryCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// What the transports have in common: who is welcome, and the sessions and control links with everybody.
final class TransportEngine: Sendable {
    struct State {
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
    let isClient: Bool
    let state = Mutex(State())

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

    var identity: TransportIdentity {
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
        open(address, .query { answer.give($0) }) { answer.give($0.dialOutcome) }
        dialer.schedule(after: timeout) { answer.give(.timeout) }
        return await answer.value
    }
}
