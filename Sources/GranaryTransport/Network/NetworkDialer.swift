internal import GranaryCore
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// Opens TCP connections, with TLS where it is asked for.
final class NetworkDialer: WireDialer {
    let dataGroup: MultiThreadedEventLoopGroup
    let controlGroup: MultiThreadedEventLoopGroup
    let tls: TLSContexts?
    let farewells = Farewells()
    private let allowsPlaintextAnywhere: Bool
    /// Whether the threads take work: none may be given to a thread that ended.
    private let isOpen = Mutex(true)

    init(threads: Int, tls: TLSContexts?, allowsPlaintextAnywhere: Bool) {
        dataGroup = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        controlGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.tls = tls
        self.allowsPlaintextAnywhere = allowsPlaintextAnywhere
        for group in [dataGroup, controlGroup] {
            // Where turns keep all cores busy, a loop that had to wait for its turn would make everybody's calls wait.
            for loop in group.makeIterator() { loop.execute(NativeThread.asksToBePrompt) }
        }
    }

    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
        isOpen.withLock { isOpen in
            if isOpen { controlGroup.any().scheduleTask(in: TimeAmount(delay), work) }
        }
    }

    /// Waits until the peers have the last bytes, then ends the threads, and with them whatever is open.
    func shutDown() async {
        // What says goodbye was given to the loops before this.
        for group in [dataGroup, controlGroup] {
            for loop in group.makeIterator() { try? await loop.submit {}.get() }
        }
        await farewells.wait()
        isOpen.withLock { $0 = false }
        try? await dataGroup.shutdownGracefully()
        try? await controlGroup.shutdownGracefully()
    }

    func dial(
        _ address: TransportAddress, for purpose: Hello.Purpose, within limit: Duration,
        connected: @escaping @Sendable (any Wire) -> WireConnection, failed: @escaping @Sendable (WireFailure) -> Void
    ) {
        guard tls != nil || allowsPlaintextAnywhere || address.isLoopback else {
            return failed(.other("\(address) is not on this machine, and plain text is allowed on this machine only"))
        }
        // Never in the caller's stack: what fails at once comes back to this lock.
        let loop = (purpose == .data ? dataGroup : controlGroup).next()
        let isOpen = isOpen.withLock { isOpen in
            if isOpen {
                loop.execute { [self] in
                    connect(to: address, for: purpose, within: limit, on: loop, connected)
                        .whenFailure { failed(WireFailure($0)) }
                }
            }
            return isOpen
        }
        if !isOpen { failed(.other("stopped")) }
    }

    private func connect(
        to address: TransportAddress, for purpose: Hello.Purpose, within limit: Duration, on loop: any EventLoop,
        _ connected: @escaping @Sendable (any Wire) -> WireConnection
    ) -> EventLoopFuture<any Channel> {
        let (tls, farewells) = (tls, farewells)
        return ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(limit))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: Self.receiveAllocator)
            .channelOption(.writeBufferWaterMark, value: Self.waterMark)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls.current.client, serverHostname: tls.files.peerName))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        ConnectionHandler(remote: "\(address)", farewells: farewells, connected))
                }
            }
            .connect(host: address.host, port: purpose == .data ? address.port : address.controlPort)
    }

    /// Reads grow with what arrives, to a whole burst of small frames or a few chunks.
    static var receiveAllocator: AdaptiveRecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(minimum: 2_048, initial: 16_384, maximum: 262_144)
    }

    static var waterMark: ChannelOptions.Types.WriteBufferWaterMark { .init(low: 65_536, high: 262_144) }
}

extension WireFailure {
    /// Reads an error of SwiftNIO: refused is only what each address of the host refused.
    init(_ error: any Error) {
        guard let error = error as? NIOConnectionError, error.dnsAError == nil || error.dnsAAAAError == nil,
            !error.connectionErrors.isEmpty,
            error.connectionErrors.allSatisfy({ ($0.error as? IOError)?.errnoCode == ECONNREFUSED })
        else {
            self = (error as? IOError)?.errnoCode == ECONNREFUSED ? .refused : .other("\(error)")
            return
        }
        self = .refused
    }
}
