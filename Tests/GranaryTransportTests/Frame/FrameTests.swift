import GranaryCore
import NIOCore
import Testing

@testable import GranaryTransport

@Suite(.timeLimit(.minutes(1))) struct FrameTests {
    static let fullHead = CallHead(
        id: 0x0102_0304_0506_0708, grain: GrainID(type: "Cart", key: "älice"), method: "add", argumentCount: 2,
        deadline: .seconds(12), view: 300, options: [.readOnly, .idempotent],
        chain: [CallChainLink(grain: GrainID(type: "Order", key: "7"), turn: 9, silo: 3)],
        trace: [TraceField(name: "traceparent", value: "00-ab-cd-01")])

    /// Writes a whole frame and gives back what follows its type.
    private func body(_ type: UInt8, _ write: (inout ByteBuffer) -> Void) throws -> FrameReader {
        var buffer = ByteBuffer()
        buffer.writeFrame(type, write)
        var splitter = FrameSplitter()
        splitter.largestFrame = WireFormat.largestFrame
        splitter.append(buffer)
        var reader = FrameReader(try #require(try splitter.next()))
        let read = try reader.integer(UInt8.self)
        #expect(read == type)
        return reader
    }

    @Test func callsComeBackAsTheyWere() throws {
        let arguments = ByteBuffer(bytes: [1, 2, 3])
        for head in [Self.fullHead, call(1), call(.max, options: .oneWay)] {
            var head = head
            head.argumentCount = 2
            var reader = try body(FrameType.call) { buffer in
                CallFrame.write(head, argumentBytes: 3, to: &buffer)
                buffer.writeImmutableBuffer(arguments)
                // A field that a later version appended.
                buffer.writeText("later")
            }
            let read = try CallFrame.read(&reader, clockOffset: 0)
            #expect(read == ReceivedCall(head: head, arguments: arguments))
        }
    }

    @Test func deadlinesAreMovedToTheReadersClock() throws {
        var reader = try body(FrameType.call) { CallFrame.write(Self.fullHead, argumentBytes: 0, to: &$0) }
        // The arguments are missing, but counted: a lie.
        #expect(throws: WireFault.self) { try CallFrame.read(&reader, clockOffset: 0) }
        var head = Self.fullHead
        head.argumentCount = 0
        var honest = try body(FrameType.call) { CallFrame.write(head, argumentBytes: 0, to: &$0) }
        let read = try CallFrame.read(&honest, clockOffset: 2_000_000_000)
        #expect(read.head.deadline == .seconds(10))
    }

    @Test(arguments: [
        CallReply(1, .result(ByteBuffer(bytes: [9, 9]))),
        CallReply(2, .error(CallFailure(code: "timeout", message: "late"))),
        CallReply(3, .error(CallFailure(code: "c", message: "", type: "CartError", payload: ByteBuffer(bytes: [1])))),
        CallReply(.max, .notStarted(.moved, view: 12)),
        CallReply(5, .notStarted(.overloaded, view: -1)),
    ])
    func repliesComeBackAsTheyWere(reply: CallReply) throws {
        var reader = try body(FrameType.reply) { ReplyFrame.write(reply, to: &$0) }
        #expect(try ReplyFrame.read(&reader) == reply)
    }

    @Test func greetingsComeBackAsTheyWere() throws {
        let hello = Hello(
            purpose: .data, cluster: "shop", sender: silo(2), receiver: silo(1), session: 77, resumes: true,
            delivered: 5, largestMessage: 1 << 24, clock: -3)
        var buffer = ByteBuffer()
        hello.write(to: &buffer)
        buffer.moveReaderIndex(forwardBy: 5)
        var reader = FrameReader(buffer)
        #expect(try Hello(reading: &reader) == hello)

        let welcome = Welcome(sender: silo(1), session: 77, delivered: 6, largestMessage: 9, clock: 4)
        buffer = ByteBuffer()
        welcome.write(to: &buffer)
        buffer.moveReaderIndex(forwardBy: 5)
        reader = FrameReader(buffer)
        #expect(try Welcome(reading: &reader) == welcome)

        let refusal = Refusal(code: .incarnation, reason: "another life")
        buffer = ByteBuffer()
        refusal.write(to: &buffer)
        buffer.moveReaderIndex(forwardBy: 5)
        reader = FrameReader(buffer)
        #expect(try Refusal(reading: &reader) == refusal)
    }

    @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, 1 << 35, UInt64.max])
    func numbersComeBackAsTheyWere(value: UInt64) throws {
        var buffer = ByteBuffer()
        buffer.writeVarint(value)
        buffer.writeSignedVarint(Int64(bitPattern: value))
        var reader = FrameReader(buffer)
        #expect(try reader.varint() == value)
        #expect(try reader.signedVarint() == Int64(bitPattern: value))
        #expect(reader.buffer.readableBytes == 0)
    }

    @Test func aNumberOfMoreThan64BitsIsRefused() {
        var reader = FrameReader(ByteBuffer(bytes: Array(repeating: 0xff, count: 9) + [2]))
        #expect(throws: WireFault.self) { try reader.varint() }
    }

    @Test func textThatIsNotUTF8IsRefused() {
        var reader = FrameReader(ByteBuffer(bytes: [2, 0xc3, 0x28]))
        #expect(throws: WireFault("a text is not UTF-8")) { try reader.text() }
    }

    @Test(arguments: [[0, 0, 0, 0, 1], [0, 1, 0, 1, 1], [255, 255, 255, 255, 1]] as [[UInt8]])
    func framesOfNoLengthOrTooMuchAreRefused(bytes: [UInt8]) {
        var splitter = FrameSplitter()
        splitter.largestFrame = WireFormat.largestFrame
        splitter.append(ByteBuffer(bytes: bytes))
        #expect(throws: WireFault.self) { try splitter.next() }
    }

    @Test("Frames are the same wherever the stream is cut")
    func splitting() throws {
        var stream = ByteBuffer()
        for id in 1...20 as ClosedRange<UInt64> {
            stream.writeFrame(FrameType.reply) { ReplyFrame.write(CallReply(id, .result(block(Int(id) * 7))), to: &$0) }
        }
        for size in [1, 2, 3, 5, 64, 1_000] {
            var splitter = FrameSplitter()
            splitter.largestFrame = WireFormat.largestFrame
            var rest = stream
            var ids: [UInt64] = []
            while let piece = rest.readSlice(length: min(size, rest.readableBytes)), piece.readableBytes > 0 {
                splitter.append(piece)
                while let frame = try splitter.next() {
                    var reader = FrameReader(frame)
                    _ = try reader.integer(UInt8.self)
                    ids.append(try ReplyFrame.read(&reader).call)
                }
            }
            #expect(ids == Array(1...20))
        }
    }

    @Test(arguments: ["host:7400", "host:7400/9", "[::1]:1/2", "127.0.0.1:0"])
    func addressesAreRead(text: String) throws {
        let address = try #require(TransportAddress(text))
        #expect(TransportAddress("\(address)") == address)
    }

    @Test(arguments: ["", "host", "host:", ":1", "host:70000", "host:1/2/3", "::1:5", "host:1/x", "[::1:5"])
    func whatIsNoAddressIsRefused(text: String) { #expect(TransportAddress(text) == nil) }

    @Test func loopbackIsToldFromTheWorld() {
        let local = ["127.0.0.1:1", "localhost:1", "[::1]:1", "127.9.9.9:1"]
        let foreign = ["10.0.0.1:1", "0.0.0.0:1", "[::]:1", "127.evil.example.com:1", "127.0.0.1.example.com:1"]
        #expect(local.allSatisfy { TransportAddress($0)?.isLoopback == true })
        #expect(foreign.allSatisfy { TransportAddress($0)?.isLoopback == false })
    }
}
