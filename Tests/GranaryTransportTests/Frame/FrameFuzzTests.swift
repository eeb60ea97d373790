import GranaryCore
import NIOCore
import Testing

@testable import GranaryTransport

/// Mutated frames through every decoder: each ends in a value or a fault, and no memory is asked for on a frame's word.
@Suite(.timeLimit(.minutes(1))) struct FrameFuzzTests {
    private static let samples: [ByteBuffer] = {
        var buffers: [ByteBuffer] = []
        var buffer = ByteBuffer()
        func add(_ write: (inout ByteBuffer) -> Void) {
            buffer.clear()
            write(&buffer)
            buffers.append(buffer)
        }
        add { buffer in
            buffer.writeFrame(FrameType.call) { buffer in
                CallFrame.write(FrameTests.fullHead, argumentBytes: 3, to: &buffer)
                buffer.writeBytes([1, 2, 3])
            }
        }
        add { $0.writeFrame(FrameType.reply) { ReplyFrame.write(CallReply(4, .result(block(50))), to: &$0) } }
        add {
            $0.writeFrame(FrameType.reply) {
                ReplyFrame.write(CallReply(4, .error(CallFailure(code: "c", message: "m", type: "t"))), to: &$0)
            }
        }
        add {
            Hello(
                purpose: .data, cluster: "shop", sender: silo(2), receiver: silo(1), session: 1, resumes: false,
                delivered: 0, largestMessage: 9, clock: 0
            ).write(to: &$0)
        }
        add { Welcome(sender: silo(2), session: 1, delivered: 0, largestMessage: 9, clock: 0).write(to: &$0) }
        add { Refusal(code: .busy, reason: "later").write(to: &$0) }
        add { Chunk(message: 3, total: 100_000, isComplete: false, bytes: block(100)).write(to: &$0) }
        add { $0.writeAcknowledgement(700) }
        add { $0.writePong(echo: 1, clock: 2) }
        return buffers
    }()

    @Test(arguments: 0..<8)
    func mutatedFrames(seed: UInt64) throws {
        let random = SeededRandomSource(seed: seed)
        func roll(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        var read = 0
        var refused = 0
        for _ in 0..<5_000 {
            var bytes = Array(Self.samples[roll(Self.samples.count)].readableBytesView)
            for _ in 0...roll(4) {
                switch roll(5) {
                case 0 where !bytes.isEmpty: bytes.removeLast(roll(bytes.count) + 1)
                case 1: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: roll(bytes.count + 1))
                case 2 where bytes.count > 8: bytes[5 + roll(bytes.count - 5)] = 0xff
                default: if !bytes.isEmpty { bytes[roll(bytes.count)] ^= 1 << UInt8(roll(8)) }
                }
            }
            do throws(WireFault) {
                read += try decode(ByteBuffer(bytes: bytes))
            } catch {
                #expect(!error.description.isEmpty)
                refused += 1
            }
        }
        #expect(read > 500)
        #expect(refused > 500)
    }

    private func decode(_ bytes: ByteBuffer) throws(WireFault) -> Int {
        var splitter = FrameSplitter()
        splitter.largestFrame = WireFormat.largestFrame
        splitter.append(bytes)
        var reassembly = Reassembly()
        var count = 0
        while let frame = try splitter.next() {
            var reader = FrameReader(frame)
            switch try reader.integer(UInt8.self) {
            case FrameType.call: _ = try CallFrame.read(&reader, clockOffset: .max)
            case FrameType.reply: _ = try ReplyFrame.read(&reader)
            case FrameType.hello: _ = try Hello(reading: &reader)
            case FrameType.welcome: _ = try Welcome(reading: &reader)
            case FrameType.refusal: _ = try Refusal(reading: &reader)
            case FrameType.chunk: _ = try reassembly.receive(try Chunk(reading: &reader), limit: 1 << 20)
            case FrameType.acknowledgement: _ = try reader.varint()
            default: break
            }
            count += 1
        }
        return count
    }

    @Test("Chunks that do not fit are faults", arguments: 0..<6)
    func chunks(which: Int) throws {
        var reassembly = Reassembly()
        func chunk(_ message: UInt64, total: UInt64?, _ count: Int, isComplete: Bool = false) -> Chunk {
            Chunk(message: message, total: total, isComplete: isComplete, bytes: block(count))
        }
        _ = try reassembly.receive(chunk(0, total: 100, 60), limit: 1_000)
        let wrong =
            switch which {
            case 0: chunk(0, total: 100, 10)
            case 1: chunk(1, total: nil, 10)
            case 2: chunk(1, total: 1_001, 10)
            case 3: chunk(0, total: nil, 41)
            case 4: chunk(0, total: nil, 10, isComplete: true)
            default: chunk(0, total: nil, 0)
            }
        #expect(throws: WireFault.self) { try reassembly.receive(wrong, limit: 1_000) }
    }
}
