import GranaryCore
import NIOCore
import NIOPosix
import Synchronization

@testable import GranaryTransport

/// Listens as a silo does, answers each hello with bytes of the test's own, and writes down what it is told.
final class FakeSilo: Sendable {
    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let silo: FakeSilo
        private var splitter = FrameSplitter()

        init(_ silo: FakeSilo) { self.silo = silo }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            splitter.append(unwrapInboundIn(data))
            while let frame = try? splitter.next() {
                var reader = FrameReader(frame)
                guard let type = try? reader.integer(UInt8.self) else { return }
                silo.state.withLock { $0.append(type) }
                guard type == FrameType.hello, let hello = try? Hello(reading: &reader),
                    let answer = silo.answer(hello)
                else { continue }
                context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
                context.close(promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private let state = Mutex<[UInt8]>([])
    private let answer: @Sendable (Hello) -> ByteBuffer?

    /// Makes a silo.
    ///
    /// - Parameter answer: What is said before the connection is closed; `nil` says nothing and leaves it open.
    init(answer: @escaping @Sendable (Hello) -> ByteBuffer?) { self.answer = answer }

    /// The types of the frames so far.
    var frames: [UInt8] { state.withLock { $0 } }

    /// Runs something while it listens.
    func listening(_ body: (String) async throws -> Void) async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Handler(self)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = listener.localAddress?.port ?? 0
        do {
            try await body("127.0.0.1:\(port)/\(port)")
        } catch {
            try? await listener.close()
            throw error
        }
        try await listener.close()
    }
}
