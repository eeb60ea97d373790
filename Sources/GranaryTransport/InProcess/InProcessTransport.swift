package import GranaryCore
internal import Logging
package import NIOCore
internal import Synchronization

/// A transport on an ``InProcessNetwork``.
package final class InProcessTransport: Sendable {
    /// The dialer's way to its transport, which is made after it.
    private final class Dialer: WireDialer {
        let transport = Mutex<InProcessTransport?>(nil)
        let timer: InProcessLoop

        init(timer: InProcessLoop) { self.timer = timer }

        func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
            timer.schedule(after: delay, work)
        }

        func dial(
            _ address: TransportAddress, for purpose: Hello.Purpose, within limit: Duration,
            connected: @escaping @Sendable (any Wire) -> WireConnection,
            failed: @escaping @Sendable (WireFailure) -> Void
        ) {
            guard let transport = transport.withLock({ $0 }) else { return failed(.other("stopped")) }
            switch transport.network.connect(transport, to: address.host, control: purpose != .data) {
            case .success((let wire, _)): wire.execute { wire.open(connected(wire)) }
            case .failure(let failure): timer.execute { failed(failure) }
            case nil: timer.schedule(after: limit) { failed(.other("no answer within \(limit)")) }
            }
        }
    }

    /// The name on the network.
    package let name: String
    let network: InProcessNetwork
    private let isClient: Bool
    private let dataLoop: InProcessLoop
    private let controlLoop: InProcessLoop
    private let dialer: Dialer
    private let engine: TransportEngine

    init(network: InProcessNetwork, name: String, isClient: Bool, settings: EngineSettings, logger: Logger) {
        self.network = network
        self.name = name
        self.isClient = isClient
        dataLoop = InProcessLoop(spawn: network.spawn, time: network.time)
        controlLoop = InProcessLoop(spawn: network.spawn, time: network.time)
        dialer = Dialer(timer: controlLoop)
        engine = TransportEngine(
            settings: settings, isClient: isClient, time: network.time, random: network.random, logger: logger,
            dialer: dialer)
        dialer.transport.withLock { $0 = self }
    }

    func loop(control: Bool) -> InProcessLoop { control ? controlLoop : dataLoop }

    func accept(_ wire: InProcessWire) -> WireConnection? { engine.accept(wire) }

    func pause(_ isPaused: Bool) {
        dataLoop.pause(isPaused)
        controlLoop.pause(isPaused)
    }
}

extension InProcessTransport: CustomDebugStringConvertible {
    package var debugDescription: String { engine.debugDescription }
}

extension InProcessTransport: SiloTransport {
    package func start(_ identity: TransportIdentity, handler: any TransportHandler) async throws -> String {
        try engine.start(identity, handler: handler)
        if isClient { return "" }
        try network.add(self)
        return "\(TransportAddress(host: name, port: 1, controlPort: 2))"
    }

    package func identify(_ identity: TransportIdentity) { engine.identify(identity) }

    package func link(to peer: PeerIdentity, at address: String) throws -> any TransportLink {
        guard let address = TransportAddress(address) else {
            throw TransportError(.address, "'\(address)' is no address.")
        }
        return try engine.session(with: peer, at: address)
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
        network.remove(self)
        // One that was killed or frozen has to run once more, to end.
        pause(false)
        await engine.stop(within: limit)
        // What closes the connections runs before this.
        let closed = FirstAnswer<Bool>()
        dataLoop.execute { closed.give(true) }
        _ = await closed.value
        engine.finish()
        dialer.transport.withLock { $0 = nil }
    }
}
