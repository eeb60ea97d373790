import Foundation
import GranaryCore
import NIOCore
import Testing

@testable import GranaryTransport

/// The frames printed in `docs/wire-protocol.md` are those that are written and read.
@Suite(.timeLimit(.minutes(1))) struct WireProtocolTests {
    private static let frames: [ByteBuffer] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page =
            (try? String(contentsOf: root.appendingPathComponent("docs/wire-protocol.md"), encoding: .utf8)) ?? ""
        return page.components(separatedBy: "```hex\n").dropFirst().map { part in
            let digits = part.components(separatedBy: "```")[0].filter(\.isHexDigit)
            var bytes = ByteBuffer()
            var rest = digits[...]
            while let byte = UInt8(rest.prefix(2), radix: 16) {
                bytes.writeInteger(byte)
                rest = rest.dropFirst(2)
            }
            return bytes
        }
    }()

    private static let hello = Hello(
        purpose: .data, cluster: "shop", sender: silo(2), receiver: silo(1), session: 7, resumes: false, delivered: 0,
        largestMessage: 16 << 20, clock: 1_000_000_000)
    private static let head = CallHead(
        id: 258, grain: GrainID(type: "Cart", key: "alice"), method: "add", argumentCount: 1, deadline: .seconds(2),
        view: 3, route: 6, options: .readOnly,
        chain: [CallChainLink(grain: GrainID(type: "Order", key: "7"), turn: 9, silo: 2)])
    private static let reply = CallReply(258, .result(ByteBuffer(bytes: [8])))

    private func body(_ index: Int) throws -> FrameReader {
        var splitter = FrameSplitter()
        splitter.append(try #require(Self.frames.dropFirst(index).first))
        let frame = try #require(try splitter.next())
        #expect(splitter.waiting == 0)
        var reader = FrameReader(frame)
        _ = try reader.integer(UInt8.self)
        return reader
    }

    @Test func theFramesOfThePageAreRead() throws {
        var reader = try body(0)
        #expect(try Hello(reading: &reader) == Self.hello)
        #expect(reader.buffer.readableBytes == 0)
        reader = try body(1)
        let call = try CallFrame.read(&reader, clockOffset: 0)
        #expect(call == ReceivedCall(head: Self.head, arguments: ByteBuffer(bytes: [5])))
        reader = try body(2)
        #expect(try ReplyFrame.read(&reader) == Self.reply)
    }

    @Test func theFramesOfThePageAreWritten() throws {
        var buffer = ByteBuffer()
        Self.hello.write(to: &buffer)
        #expect(buffer == Self.frames.first, "\(buffer.hexDump(format: .compact))")
        buffer.clear()
        buffer.writeFrame(FrameType.call) { buffer in
            CallFrame.write(Self.head, argumentBytes: 1, to: &buffer)
            buffer.writeInteger(UInt8(5))
        }
        #expect(buffer == Self.frames.dropFirst().first, "\(buffer.hexDump(format: .compact))")
        buffer.clear()
        buffer.writeFrame(FrameType.reply) { ReplyFrame.write(Self.reply, to: &$0) }
        #expect(buffer == Self.frames.dropFirst(2).first, "\(buffer.hexDump(format: .compact))")
    }
}
