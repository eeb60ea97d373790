public import GranaryCore
public import Logging
package import NIOCore
internal import NIOPosix
internal import Synchronization

/// Carries calls between processes over TCP, with mutual TLS if it is configured.
public final class NetworkTransport: Sendable {
    private struct State {
        var listener: NetworkListener?
        var isStopped = false
    }

    /// The settings.
    public let configuration: TransportConfiguration

    private let engine: TransportEngine
    private let dialer: NetworkDialer
    private let listen: TransportAddress?
    private let advertise: TransportAddress?
    private let state = Mutex(State())

    /// Makes a transport; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - configuration: The settings.
    ///   - time: Where the readings come from that deadlines and clock offsets are measured in.
    ///   - random: Where session numbers and waits between attempts come from.
    ///   - logger: Where refused and broken connections are reported.
    /// - Throws: ``TransportError`` when an address cannot be read, plain text would leave this machine without the
    ///   explicit choice, or the TLS files cannot be used.
    public init(
        _ configuration: TransportConfiguration, time: any TimeSource = SystemTimeSource(),
        random: any RandomSource = SystemRandomSource(), logger: Logger
    ) throws {
        self.configuration = configuration
        listen = try configuration.listen.map { try Self.read($0) }
        advertise = try configuration.advertise.map { try Self.read($0) }
        let tls: TLSContexts?
        var isAnywhere = false
        switch configuration.security.kind {
        case .tls(let files):
            tls = try TLSContexts(files, time: time, logger: logger)
        case .plaintext(let anywhere):
            tls = nil
            isAnywhere = anywhere
            if !anywhere, let listen, !listen.isLoopback {
                throw TransportError(
                    .plaintext,
                    "\(listen) can be reached from other machines, and plain text lets them read and call everything. "
                        + "Configure TLS, or choose .plaintextAnywhere if the network protects itself.")
            }
        }
        let threads = configuration.threads > 0 ? configuration.threads : max(1, System.coreCount / 4)
        dialer = NetworkDialer(threads: threads, tls: tls, allowsPlaintextAnywhere: isAnywhere)
        engine = TransportEngine(
            settings: configuration.engineSettings, isClient: listen == nil, time: time, random: random,
            logger: logger, dialer: dialer)
    }

    private static func read(_ text: String) throws(TransportError) -> TransportAddress {
        guard let address = TransportAddress(text) else {
            throw TransportError(
                .address, "'\(text)' is no address; write host:port or host:port/controlPort, [host]:port for IPv6.")
        }
        return address
    }
}

extension NetworkTransport: CustomDebugStringConvertible {
    /// The sessions and control connections with others, in words that may change.
    public var debugDescription: String { engine.debugDescription }
}

extension NetworkTransport: SiloTransport {
    package func start(_ identity: TransportIdentity, handler: any TransportHandler) async throws -> String {
        try engine.start(identity, handler: handler)
        guard let listen else { return "" }
        let listener = try await NetworkListener(listen, engine: engine, dialer: dialer)
        let isStopped = state.withLock { state in
            if !state.isStopped { state.listener = listener }
            return state.isStopped
        }
        if isStopped {
            await listener.close()
            throw TransportError(.state, "The transport was stopped while it started.")
        }
        var address = listener.address
        if let advertise {
            address.host = advertise.host
            if advertise.port != 0 { address.port = advertise.port }
            if advertise.controlPort != 0 { address.controlPort = advertise.controlPort }
        }
        return "\(address)"
    }

    package func identify(_ identity: TransportIdentity) { engine.identify(identity) }

    package func link(to peer: PeerIdentity, at address: String) throws -> any TransportLink {
        try engine.session(with: peer, at: try Self.read(address))
    }

    package func drop(_ peer: PeerIdentity, reason: String) { engine.drop(peer, reason: reason) }

    package var isAcknowledged: Bool { engine.isAcknowledged }

    package func sendControl(_ message: ByteBuffer, to peer: PeerIdentity) -> Bool {
        engine.sendControl(message, to: peer)
    }

    package func dial(_ address: String, within timeout: Duration) async -> DialOutcome {
        guard let place = TransportAddress(address) else { return .failed(reason: "'\(address)' is no address") }
        return await engine.dial(place, within: timeout)
    }

    package func stop(within limit: Duration) async {
        let (isFirst, listener): (Bool, NetworkListener?) = state.withLock { state in
            defer { state.isStopped = true }
            return (!state.isStopped, state.listener.take())
        }
        await listener?.close()
        guard isFirst else { return }
        await engine.stop(within: limit)
        await dialer.shutDown()
        engine.finish()
    }
}
