internal import GranaryCore
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// The two listening sockets of a process: for data and for control connections.
struct NetworkListener: Sendable {
    private var channels: [any Channel] = []

    /// Where it listens.
    private(set) var address: TransportAddress

    /// Binds both sockets.
    init(_ address: TransportAddress, engine: TransportEngine, dialer: NetworkDialer) async throws {
        self.address = address
        do {
            let data = try await Self.bind(address.host, address.port, dialer.dataGroup, engine, dialer)
            channels.append(data)
            self.address.port = data.localAddress?.port ?? address.port
            let control = try await Self.bind(
                address.host, address.controlPort, dialer.controlGroup, engine, dialer)
            channels.append(control)
            self.address.controlPort = control.localAddress?.port ?? address.controlPort
        } catch {
            await close()
            throw TransportError(.bind, "Cannot listen at \(address).", cause: error)
        }
    }

    /// Stops listening; connections stay.
    func close() async {
        for channel in channels { try? await channel.close() }
    }

    private static func bind(
        _ host: String, _ port: Int, _ group: MultiThreadedEventLoopGroup, _ engine: TransportEngine,
        _ dialer: NetworkDialer
    ) async throws -> any Channel {
        let (tls, farewells) = (dialer.tls, dialer.farewells)
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.recvAllocator, value: NetworkDialer.receiveAllocator)
            .childChannelOption(.writeBufferWaterMark, value: NetworkDialer.waterMark)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.current.server))
                    }
                    try channel.pipeline.syncOperations.addHandler(

                        ConnectionHandler(peerName: tls?.files.peerName, farewells: farewells) { engine.accept($0) })
                }
            }
            .bind(host: host, port: port).get()
    }
}
