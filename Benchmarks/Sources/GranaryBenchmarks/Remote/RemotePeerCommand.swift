import ArgumentParser
import Granary
import GranaryPostgres
import NIOCore
import NIOPosix

/// The other process of the remote measurement: a silo that hosts the counters, an echo server, and the sketch's server.
struct RemotePeerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remote-peer", abstract: "The other process of 'remote'.", shouldDisplay: false)

    @Option var postgres: String
    @Option var cluster: String

    @concurrent
    mutating func run() async throws {
        let silo = Silo(
            configuration: SiloConfiguration(cluster: cluster, name: "peer"), backend: .postgres(postgres),
            endpoint: .tcp(), logger: .silent
        ) { CounterGrain.self }
        try await silo.start()
        let echo = try await Self.listen { EchoHandler() }
        let counters = (0..<1_000).map { _ in BareCounter() }
        let sketch = try await Self.listen { SketchServer(counters: counters) }
        print("ready \(echo.localAddress?.port ?? 0) \(sketch.localAddress?.port ?? 0)")
        // Until the measuring process closes the pipe.
        while readLine() != nil {}
        try await silo.shutDown()
        try await echo.close()
        try await sketch.close()
    }

    private static func listen(
        _ handler: @escaping @Sendable () -> any ChannelHandler
    ) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(handler()) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }
}
