import GranaryCore
import NIOCore
import NIOPosix
import Testing

@testable import GranaryTransport

/// Raw sockets that send what no peer sends, at a listener whose other sessions go on.
@Suite(.timeLimit(.minutes(1))) struct HostileInputTests {
    /// Reads until the other side closes.
    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private func connect(_ port: Int) async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Reader()) }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    /// Waits until the other side closed a connection.
    private func closed(_ channel: any Channel) async throws {
        try await withTaskCancellationHandler {
            try await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    /// Runs something beside a session, which has to work before and after.
    private func beside(
        _ change: (inout TransportConfiguration) -> Void = { _ in },
        _ body: (TransportAddress, LogLines) async throws -> Void
    ) async throws {
        let log = LogLines()
        var configuration = TransportConfiguration()
        change(&configuration)
        let b = try NetworkTransport(configuration, logger: log.logger)
        let a = try NetworkTransport(TransportConfiguration(), logger: quiet)
        let handler = RecordingHandler()
        let text = try await b.start(identity(1), handler: RecordingHandler { .result($0.arguments) })
        _ = try await a.start(identity(2), handler: handler)
        let link = try a.link(to: silo(1), at: text)
        #expect(link.send(call(1), arguments: block(1), order: 0) == .accepted)
        await handler.wait(for: .reply(CallReply(1, .result(block(1)))))
        try await body(try #require(TransportAddress(text)), log)
        #expect(link.send(call(2), arguments: block(2), order: 0) == .accepted)
        await handler.wait(for: .reply(CallReply(2, .result(block(2)))))
        #expect(!handler.all.contains(.interrupted))
        await a.stop(within: .zero)
        await b.stop(within: .zero)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: granary\r\n\r\n", "\u{0}\u{0}\u{0}\u{0}", "\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}",
        "\u{0}\u{0}\u{0}\u{5}\u{10}aaaa", "\u{0}\u{0}\u{0}\u{5}\u{1}GRNX",
    ])
    func garbageClosesItsOwnConnection(text: String) async throws {
        try await beside { address, log in
            for port in [address.port, address.controlPort] {
                let channel = try await connect(port)
                try await channel.writeAndFlush(ByteBuffer(string: text))
                try await closed(channel)
            }
            #expect(log.all.contains("closed a connection"))
        }
    }

    @Test func randomBytesCloseTheirConnections() async throws {
        try await beside { address, _ in
            let random = SeededRandomSource(seed: 4)
            for _ in 0..<60 {
                let channel = try await connect(random.next() % 2 == 0 ? address.port : address.controlPort)
                // The first byte makes the length more than a greeting may have.
                var bytes = ByteBuffer(bytes: [UInt8(truncatingIfNeeded: random.next() | 1)])
                for _ in 0..<(8 + random.next() % 4_000) {
                    bytes.writeInteger(UInt8(truncatingIfNeeded: random.next()))
                }
                // It may be closed before all of it is written.
                try? await channel.writeAndFlush(bytes)
                try await closed(channel)
            }
        }
    }

    @Test("Frames that are mutated after a good greeting end that session only", arguments: 0..<6)
    func mutatedSession(seed: UInt64) async throws {
        try await beside { address, log in
            let random = SeededRandomSource(seed: seed)
            var bytes = ByteBuffer()
            Hello(
                purpose: .data, cluster: "test", sender: silo(7), receiver: silo(1), session: 9, resumes: false,
                delivered: 0, largestMessage: 1 << 20, clock: 0
            ).write(to: &bytes)
            let channel = try await connect(address.port)
            try await channel.writeAndFlush(bytes)
            await log.wait { $0.contains("session began") && $0.contains("silo 7") }
            bytes.clear()
            for _ in 0..<40 {
                let start = bytes.writerIndex
                bytes.writeFrame(FrameType.call) { buffer in
                    CallFrame.write(FrameTests.fullHead, argumentBytes: 2, to: &buffer)
                    buffer.writeBytes([1, 2])
                }
                let place = start + 5 + Int(random.next() % 40)
                bytes.setInteger(UInt8(truncatingIfNeeded: random.next()), at: place)
            }
            // What ends it for certain.
            bytes.writeInteger(UInt32.max)
            try? await channel.writeAndFlush(bytes)
            try await closed(channel)
            await log.wait { $0.contains("protocolError") }
        }
    }

    @Test func aConnectionThatSaysNothingIsClosed() async throws {
        try await beside {
            $0.greetingTimeout = .milliseconds(50)
        } _: { address, log in
            let channel = try await connect(address.port)
            // It may be closed before this.
            try? await channel.writeAndFlush(ByteBuffer(bytes: [0, 0]))
            try await closed(channel)
            #expect(log.all.contains("no greeting within"))
        }
    }

    @Test func tooManyConnectionsAreClosedAtOnce() async throws {
        try await beside {
            $0.connections = 4
        } _: { address, log in
            // Two belong to the session.
            var channels: [any Channel] = []
            for _ in 0..<3 { channels.append(try await connect(address.port)) }
            try await closed(channels[2])
            await log.wait { $0.contains("too many") }
            for channel in channels { try? await channel.close() }
        }
    }

    @Test func aMessageThatIsTooLargeForTheReceiverIsRefusedAtTheSender() async throws {
        try await beside {
            $0.largestMessage = 100_000
        } _: { address, _ in
            let c = try NetworkTransport(TransportConfiguration(), logger: quiet)
            let handler = RecordingHandler()
            _ = try await c.start(identity(3), handler: handler)
            let link = try c.link(to: silo(1), at: "\(address)")
            await handler.wait(for: .opened)
            #expect(link.send(call(1), arguments: block(100_001), order: 0) == .tooLarge(limit: 100_000))
            await c.stop(within: .zero)
        }
    }
}
