import GranaryCore
import NIOCore
import NIOPosix
import Testing

@testable import GranaryTransport

/// A goodbye ends what it is meant for, and nothing else, whatever it comes together with.
@Suite(.timeLimit(.minutes(1))) struct GoodbyeTests {
    /// Keeps what arrives, and lets the other side close one direction only.
    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let arrived: EventLoopPromise<[UInt8]>
        private var splitter = FrameSplitter()
        private var types: [UInt8] = []

        init(_ arrived: EventLoopPromise<[UInt8]>) { self.arrived = arrived }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            splitter.append(unwrapInboundIn(data))
            while let frame = try? splitter.next() {
                if let type = frame.getInteger(at: frame.readerIndex, as: UInt8.self) { types.append(type) }
            }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .inputClosed? = event as? ChannelEvent { arrived.succeed(types) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { arrived.fail(error) }

        func channelInactive(context: ChannelHandlerContext) { arrived.fail(ChannelError.alreadyClosed) }
    }

    private func hello(_ purpose: Hello.Purpose, from sender: PeerIdentity) -> ByteBuffer {
        var bytes = ByteBuffer()
        Hello(
            purpose: purpose, cluster: "test", sender: sender, receiver: silo(1), session: 9, resumes: false,
            delivered: 0, largestMessage: 1 << 20, clock: 0
        ).write(to: &bytes)
        return bytes
    }

    @Test func oneThatComesWithTheWelcomeAndTheEndOfTheWireEndsTheSession() throws {
        let (wire, handler) = (StuckWire(), RecordingHandler())
        let engine = TransportEngine(
            settings: EngineSettings(), isClient: false, time: SystemTimeSource(),
            random: SeededRandomSource(seed: 1), logger: quiet, dialer: NoDialer())
        try engine.start(identity(2), handler: handler)
        let session = try engine.session(with: silo(1), at: TransportAddress(host: "b", port: 1, controlPort: 2))
        let connection = WireConnection(openedBy: engine, wire: wire, for: .data(session))
        connection.opened()
        var bytes = ByteBuffer()
        Welcome(
            version: WireFormat.newestVersion, sender: silo(1), session: 1, delivered: 0, largestMessage: 1 << 20,
            clock: 0
        ).write(to: &bytes)
        bytes.writeGoodbye("stopped")
        // All of it at once: the session takes the welcome in its own time, and the wire is gone by then.
        connection.received(bytes)
        connection.wireClosed("closed")
        wire.run()
        #expect(handler.ends.map(\.cause) == [.goodbye])
    }

    @Test func oneThatComesWithTheWelcomeEndsTheSession() async throws {
        let fake = FakeSilo { hello in
            guard hello.purpose == .data else { return nil }
            var bytes = ByteBuffer()
            Welcome(
                version: WireFormat.newestVersion, sender: silo(1), session: hello.session, delivered: 0,
                largestMessage: 1 << 20, clock: 0
            ).write(to: &bytes)
            bytes.writeGoodbye("stopped")
            return bytes
        }
        try await fake.listening { address in
            let a = try NetworkTransport(TransportConfiguration(), logger: quiet)
            let handler = RecordingHandler()
            _ = try await a.start(identity(2), handler: handler)
            _ = try a.link(to: silo(1), at: address)
            let end = await handler.waitForEnd()
            #expect(end?.cause == .goodbye)
            #expect(end?.reason == "stopped")
            await a.stop(within: .zero)
        }
    }

    @Test func whoeverGivesUpTheGreetingSaysNone() async throws {
        let fake = FakeSilo { _ in nil }
        try await fake.listening { address in
            var configuration = TransportConfiguration()
            configuration.greetingTimeout = .milliseconds(30)
            configuration.longestBackoff = .milliseconds(10)
            let log = LogLines()
            let a = try NetworkTransport(configuration, logger: log.logger)
            _ = try await a.start(identity(2), handler: RecordingHandler())
            let link = try a.link(to: silo(1), at: address)
            await log.wait { $0.split(separator: "\n").count { $0.contains("no greeting within") } >= 6 }
            // The peer may have the session by now, and it goes on over the next connection.
            #expect(link.send(call(1), arguments: block(1), order: 0) == .accepted)
            #expect(Set(fake.frames) == [FrameType.hello])
            await a.stop(within: .zero)
        }
    }

    @Test func thatOfASessionLeavesTheControlConnectionOpen() async throws {
        let b = try NetworkTransport(TransportConfiguration(), logger: quiet)
        let handler = RecordingHandler()
        let address = try #require(TransportAddress(try await b.start(identity(1), handler: handler)))
        var channels: [any Channel] = []
        for (port, purpose) in [(address.port, Hello.Purpose.data), (address.controlPort, .control)] {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            try await channel.writeAndFlush(hello(purpose, from: silo(7)))
            channels.append(channel)
        }
        await handler.wait(for: .opened)
        await handler.wait(for: .controlOpened)
        var goodbye = ByteBuffer()
        goodbye.writeGoodbye("a late one")
        try await channels[0].writeAndFlush(goodbye)
        let end = await handler.waitForEnd()
        #expect(end?.cause == .goodbye)
        var probe = ByteBuffer()
        probe.writeFrame(FrameType.message) { $0.writeString("probe") }
        try await channels[1].writeAndFlush(probe)
        await handler.wait(for: .control(ByteBuffer(string: "probe")))
        #expect(!handler.all.contains { if case .controlClosed = $0 { true } else { false } })
        await b.stop(within: .zero)
    }

    @Test func whatIsStillOnItsWayDoesNotDestroyIt() async throws {
        let b = try NetworkTransport(TransportConfiguration(), logger: quiet)
        let handler = RecordingHandler()
        let address = try #require(TransportAddress(try await b.start(identity(1), handler: handler)))
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let arrived = loop.makePromise(of: [UInt8].self)
        let channel = try await ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Reader(arrived))
                }
            }
            .connect(host: "127.0.0.1", port: address.port).get()
        try await channel.writeAndFlush(hello(.data, from: silo(7)))
        await handler.wait(for: .opened)
        let start = ContinuousClock.now
        b.drop(silo(7), reason: "enough")
        // Only the silo's direction is closed: what comes from here is read, so nothing resets the connection.
        let types = try await arrived.futureResult.get()
        #expect(types.last == FrameType.goodbye)
        do {
            try await channel.writeAndFlush(block(100_000))
            try await channel.close()
        } catch {
            #expect(ContinuousClock.now - start >= .seconds(1), "the rest is closed when its time is over: \(error)")
        }
        await b.stop(within: .zero)
    }
}
