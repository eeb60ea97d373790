import GranaryTransport
import NIOCore
import NIOPosix
import Synchronization

/// Stands between two processes on loopback and breaks their connections on demand.
final class CuttingProxy: Sendable {
    /// Passes what one channel reads on to another one.
    private final class Glue: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let proxy: CuttingProxy
        private let other: any Channel

        init(_ proxy: CuttingProxy, other: any Channel) {
            self.proxy = proxy
            self.other = other
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if proxy.isSilent.load(ordering: .relaxed) { return }
            other.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    /// Whether bytes vanish.
    let isSilent = Atomic<Bool>(false)
    private let group: MultiThreadedEventLoopGroup
    private let channels = Mutex<[any Channel]>([])
    private let listeners = Mutex<[any Channel]>([])

    init(group: MultiThreadedEventLoopGroup) { self.group = group }

    /// Listens for a process.
    ///
    /// - Parameter address: Where the process listens, `host:port/controlPort`.
    /// - Returns: The address to use instead.
    func listen(for address: String) async throws -> String {
        let ports = address.split(separator: ":")[1].split(separator: "/").compactMap { Int($0) }
        let data = try await listen(for: ports[0])
        let control = try await listen(for: ports[1])
        return "127.0.0.1:\(data)/\(control)"
    }

    private func listen(for port: Int) async throws -> Int {
        let listener = try await ServerBootstrap(group: group)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { [self] near in
                ClientBootstrap(group: near.eventLoop)
                    .channelOption(.autoRead, value: false)
                    .connect(host: "127.0.0.1", port: port)
                    .flatMapThrowing { far in
                        self.channels.withLock { $0 += [near, far] }
                        try near.pipeline.syncOperations.addHandler(Glue(self, other: far))
                        try far.pipeline.syncOperations.addHandler(Glue(self, other: near))
                        near.setOption(.autoRead, value: true).whenComplete { _ in }
                        far.setOption(.autoRead, value: true).whenComplete { _ in }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        listeners.withLock { $0.append(listener) }
        return listener.localAddress?.port ?? 0
    }

    /// Closes all connections; new ones can be made at once.
    func cut() {
        let cut = channels.withLock { channels in
            defer { channels = [] }
            return channels
        }
        for channel in cut { channel.close(promise: nil) }
    }

    /// Lets all bytes vanish, or pass again.
    func silence(_ isSilent: Bool) { self.isSilent.store(isSilent, ordering: .relaxed) }

    /// Stops listening and closes all connections.
    func close() async {
        for listener in listeners.withLock({ $0 }) { try? await listener.close() }
        cut()
    }
}
