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
        var unsent: [UInt64] = []
        var isFlushing = false
        var next: UInt64 = 0
    }

    private let state = Mutex(State())
    private let loop: any EventLoop
    private var context: ChannelHandlerContext?
    private var partial = ByteBuffer()

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
            let mustFlush = state.withLock { state in
                state.next += 1
                state.waiting[state.next] = waiter
                state.unsent.append(state.next)
                defer { state.isFlushing = true }
                return !state.isFlushing
            }
            if mustFlush { loop.execute { self.flush() } }
        }
    }

    private func flush() {
        guard let context else { return }
        let numbers = state.withLock { state in
            defer { state.unsent.removeAll(keepingCapacity: true) }
            state.isFlushing = false
            return state.unsent
        }
        var frames = context.channel.allocator.buffer(capacity: numbers.count * EchoLoad.frameSize)
        for number in numbers {
            frames.writeInteger(number)
            frames.writeRepeatingByte(0, count: EchoLoad.frameSize - 8)
        }
        context.writeAndFlush(wrapOutboundOut(frames), promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        partial.writeBuffer(&bytes)
        var answered: [UInt64] = []
        while partial.readableBytes >= EchoLoad.frameSize, let number = partial.readInteger(as: UInt64.self) {
            partial.moveReaderIndex(forwardBy: EchoLoad.frameSize - 8)
            answered.append(number)
        }
        partial.discardReadBytes()
        let waiters = state.withLock { state in answered.compactMap { state.waiting.removeValue(forKey: $0) } }
        for waiter in waiters { waiter.resume() }
    }
}

/// The other side of the sketch: a task and an actor's turn for each frame, one flush for those that end together.
final class SketchServer: ChannelInboundHandler, @unchecked Sendable {
    // Sendable as the client is.
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct State {
        var done: [UInt64] = []
        var isFlushing = false
    }

    private let state = Mutex(State())
    private let counters: [BareCounter]
    private var context: ChannelHandlerContext?
    private var partial = ByteBuffer()

    init(counters: [BareCounter]) { self.counters = counters }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        partial.writeBuffer(&bytes)
        let loop = context.eventLoop
        while partial.readableBytes >= EchoLoad.frameSize, let number = partial.readInteger(as: UInt64.self) {
            partial.moveReaderIndex(forwardBy: EchoLoad.frameSize - 8)
            let counter = counters[Int(number % UInt64(counters.count))]
            // Nobody awaits it: the answer ends it.
            Task {
                _ = await counter.increment()
                finish(number, loop)
            }
        }
        partial.discardReadBytes()
    }

    private func finish(_ number: UInt64, _ loop: any EventLoop) {
        let mustFlush = state.withLock { state in
            state.done.append(number)
            defer { state.isFlushing = true }
            return !state.isFlushing
        }
        if mustFlush { loop.execute { self.flush() } }
    }

    private func flush() {
        guard let context else { return }
        let numbers = state.withLock { state in
            defer { state.done.removeAll(keepingCapacity: true) }
            state.isFlushing = false
            return state.done
        }
        var frames = context.channel.allocator.buffer(capacity: numbers.count * EchoLoad.frameSize)
        for number in numbers {
            frames.writeInteger(number)
            frames.writeRepeatingByte(0, count: EchoLoad.frameSize - 8)
        }
        context.writeAndFlush(wrapOutboundOut(frames), promise: nil)
    }
}
