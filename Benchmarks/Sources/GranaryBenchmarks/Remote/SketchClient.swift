import NIOCore
import NIOPosix
import Synchronization

/// The barest remote call that Swift code can wait for: a frame, a continuation, an actor's method on the other side.
///
/// What Granary adds to it are deadlines, call chains, ownership, the turn gate, flow control and errors.
final class SketchClient: ChannelInboundHandler, @unchecked Sendable {
    // Sendable though the compiler cannot see it: `context`, `partial` and the methods of the handler belong to the event
    // loop; what callers touch is behind the lock.
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct State {
        var waiting: [UInt64: UnsafeContinuation<Void, Never>] = [:]
        var next: UInt64 = 0
    }

    private let state = Mutex(State())
    private let outbox = SketchOutbox()
    private let loop: any EventLoop
    private var context: ChannelHandlerContext?
    private var inbox = SketchInbox()

    private init(loop: any EventLoop) { self.loop = loop }

    static func connect(port: Int) async throws -> (client: SketchClient, channel: any Channel) {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let client = SketchClient(loop: loop)
        let channel = try await ClientBootstrap(group: loop)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(client) }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return (client, channel)
    }

    func call() async {
        await withUnsafeContinuation { waiter in
            let number = state.withLock { state in
                state.next += 1
                state.waiting[state.next] = waiter
                return state.next
            }
            if outbox.add(number) { loop.execute { self.flush() } }
        }
    }

    private func flush() {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(outbox.take(context.channel.allocator)), promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let answered = inbox.numbers(in: unwrapInboundIn(data))
        let waiters = state.withLock { state in answered.compactMap { state.waiting.removeValue(forKey: $0) } }
        for waiter in waiters { waiter.resume() }
    }
}
