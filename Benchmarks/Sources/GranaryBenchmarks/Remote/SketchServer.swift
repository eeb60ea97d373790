import NIOCore

/// The other side of the sketch: a task and an actor's turn for each frame, one flush for those that end together.
final class SketchServer: ChannelInboundHandler, @unchecked Sendable {
    // Sendable as the client is.
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let outbox = SketchOutbox()
    private let counters: [BareCounter]
    private var context: ChannelHandlerContext?
    private var inbox = SketchInbox()

    init(counters: [BareCounter]) { self.counters = counters }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let loop = context.eventLoop
        for number in inbox.numbers(in: unwrapInboundIn(data)) {
            let counter = counters[Int(number % UInt64(counters.count))]
            // Nobody awaits it: the answer ends it.
            Task {
                _ = await counter.increment()
                finish(number, loop)
            }
        }
    }

    private func finish(_ number: UInt64, _ loop: any EventLoop) {
        if outbox.add(number) { loop.execute { self.flush() } }
    }

    private func flush() {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(outbox.take(context.channel.allocator)), promise: nil)
    }
}
