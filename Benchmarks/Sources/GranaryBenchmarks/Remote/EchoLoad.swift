import NIOCore
import NIOPosix

/// Keeps a number of frames on their way to an echo server and counts what comes back: what the socket gives at best.
///
/// A frame has 64 bytes, as a small call has. For each frame that comes back another one leaves, written together with the
/// others of one read.
final class EchoLoad: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    static let frameSize = 64

    private let outstanding: Int
    private let frames: Int
    private let done: EventLoopPromise<Void>
    private var bytes = 0
    private var sent = 0

    init(outstanding: Int, frames: Int, done: EventLoopPromise<Void>) {
        self.outstanding = outstanding
        self.frames = frames
        self.done = done
    }

    func channelActive(context: ChannelHandlerContext) { send(min(outstanding, frames), context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytes
        let back = bytes / Self.frameSize
        if back == frames { return done.succeed() }
        send(min(back + outstanding, frames) - sent, context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { done.fail(error) }

    func channelInactive(context: ChannelHandlerContext) { done.fail(ChannelError.eof) }

    private func send(_ number: Int, _ context: ChannelHandlerContext) {
        guard number > 0 else { return }
        for _ in 0..<number {
            var frame = context.channel.allocator.buffer(capacity: Self.frameSize)
            frame.writeRepeatingByte(7, count: Self.frameSize)
            context.write(wrapOutboundOut(frame), promise: nil)
        }
        sent += number
        context.flush()
    }

    /// Frames per second.
    static func rate(port: Int, outstanding: Int, frames: Int) async throws -> Double {
        let group = MultiThreadedEventLoopGroup.singleton
        let done = group.next().makePromise(of: Void.self)
        let clock = ContinuousClock()
        let began = clock.now
        let channel = try await ClientBootstrap(group: group)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        EchoLoad(outstanding: outstanding, frames: frames, done: done))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        try await done.futureResult.get()
        let seconds = (clock.now - began).inNanoseconds / 1e9
        try await channel.close()
        return Double(frames) / seconds
    }
}
