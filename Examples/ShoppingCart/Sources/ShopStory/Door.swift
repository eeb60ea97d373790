import NIOCore
import NIOPosix

/// The one address of several shops: hands each connection to the next of them, and to another one when that is gone.
///
/// It passes bytes and reads none of them. A connection ends with its shop; a browser then makes another one.
final class Door: Sendable {
    private let channel: any Channel

    /// The port that it listens on.
    var port: Int { channel.localAddress?.port ?? 0 }

    private init(_ channel: any Channel) { self.channel = channel }

    /// Opens a door on a free port.
    static func open(to shops: Front) async throws -> Door {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 128)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { guest in
                // The guest's bytes stay in the socket until a shop takes them.
                connect(guest, to: shops.ports[...])
                return guest.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return Door(channel)
    }

    /// Stops taking connections; those that are there end with their shops.
    func close() async { try? await channel.close() }

    /// Joins a connection with the first shop that answers.
    private static func connect(_ guest: any Channel, to ports: ArraySlice<Int>) {
        guard let port = ports.first else { return guest.close(promise: nil) }
        let shop = ClientBootstrap(group: guest.eventLoop)
            .channelOption(.autoRead, value: false)
            .connect(host: "127.0.0.1", port: port)
        shop.whenFailure { _ in connect(guest, to: ports.dropFirst()) }
        shop.whenSuccess { shop in
            // Both channels have one event loop, which runs this.
            do {
                try guest.pipeline.syncOperations.addHandler(Passage(to: shop))
                try shop.pipeline.syncOperations.addHandler(Passage(to: guest))
                for channel in [guest, shop] {
                    channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
                }
            } catch {
                guest.close(promise: nil)
                shop.close(promise: nil)
            }
        }
    }
}

/// Passes the bytes of one channel on to another, and closes that one when this one is closed.
///
/// The other side reads on only while what it was given is written, so a slow reader holds up its own connection and no
/// memory.
private final class Passage: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel

    init(to other: any Channel) { self.other = other }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        other.write(unwrapInboundIn(data), promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) { other.flush() }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        other.setOption(.autoRead, value: context.channel.isWritable).whenFailure { [other] _ in
            other.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        // Behind everything that was passed on before.
        other.writeAndFlush(ByteBuffer()).whenComplete { [other] _ in other.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
