import GranaryCore
import NIOCore
import Testing

@testable import GranaryTransport

/// Small frames are made outside of the session's lock, in memory whose size is computed beforehand.
@Suite(.timeLimit(.minutes(1))) struct FrameMemoryTests {
    private static let text = String(repeating: "ä", count: 300)

    static let heads: [CallHead] = [
        FrameTests.fullHead,
        CallHead(id: 0, grain: GrainID(type: "", key: ""), method: ""),
        CallHead(
            id: .max, grain: GrainID(type: text, key: text), method: text, argumentCount: .max,
            deadline: .seconds(Int64.max), view: .min, route: .max, options: [.oneWay, .readOnly, .idempotent]),
        CallHead(
            id: 1, grain: GrainID(type: "Cart", key: "1"), method: "add", view: .max, route: .max,
            chain: (0..<9).map { CallChainLink(grain: GrainID(type: "O", key: "\($0)"), turn: .max, silo: .min) },
            trace: (0..<9).map { TraceField(name: "\($0)", value: "") }),
    ]

    /// A frame as ``FrameMemory`` makes it, and how much room it was given.
    private func frame(
        _ type: UInt8, room: Int, _ write: (inout FrameMemory) -> Void
    ) -> ByteBuffer {
        withUnsafeTemporaryAllocation(byteCount: room, alignment: 1) { memory in
            var frame = FrameMemory(memory, type)
            write(&frame)
            return ByteBuffer(bytes: frame.finish())
        }
    }

    @Test("A frame in lent memory has the bytes that it has in a buffer, and fits the room", arguments: heads)
    func call(head: CallHead) {
        let arguments = ByteBuffer(bytes: [1, 2, 3])
        var expected = ByteBuffer()
        expected.writeFrame(FrameType.call) { buffer in
            CallFrame.write(head, argumentBytes: 3, to: &buffer)
            buffer.writeImmutableBuffer(arguments)
        }
        let room = CallFrame.room(for: head, argumentBytes: 3)
        #expect(expected.readableBytes <= room)
        let made = frame(FrameType.call, room: room) { frame in
            CallFrame.write(head, argumentBytes: 3, to: &frame)
            frame.writeBytes(of: arguments)
        }
        #expect(made == expected)
    }

    @Test("A reply in lent memory has the bytes that it has in a buffer", arguments: [0, 1, 200, 2_000])
    func reply(count: Int) {
        let reply = CallReply(.max, .result(ByteBuffer(repeating: 7, count: count)))
        var expected = ByteBuffer()
        expected.writeFrame(FrameType.reply) { ReplyFrame.write(reply, to: &$0) }
        let made = frame(FrameType.reply, room: count + 32) { ReplyFrame.write(reply, to: &$0) }
        #expect(made == expected)
    }

    @Test("C1: A small call stands behind a large one of its order, and tells that it never left")
    func order() throws {
        var machine = SessionMachine(limits: SessionMachineTests.limits)
        try machine.attach(peerDelivered: 0)
        let large = CallHead(id: 1, grain: GrainID(type: "Cart", key: "1"), method: "add", argumentCount: 1)
        #expect(machine.enqueue(large, arguments: ByteBuffer(repeating: 0, count: 100_000), order: 7) == .accepted)
        for (id, order) in [(2, 7), (3, 9)] as [(UInt64, UInt64)] {
            let head = CallHead(id: id, grain: GrainID(type: "Cart", key: "1"), method: "add")
            let outcome = withUnsafeTemporaryAllocation(byteCount: 200, alignment: 1) { memory in
                var frame = FrameMemory(memory, FrameType.call)
                CallFrame.write(head, argumentBytes: 0, to: &frame)
                return machine.enqueue(call: id, frame.finish(), order: order)
            }
            #expect(outcome == .accepted)
        }
        var splitter = FrameSplitter()
        splitter.largestFrame = WireFormat.largestFrame
        var arrived: [UInt64] = []
        var reassembly = Reassembly()
        while let bytes = machine.take() {
            splitter.append(bytes)
            while let frame = try splitter.next() {
                var reader = FrameReader(frame)
                var type = try reader.integer(UInt8.self)
                if type == FrameType.chunk {
                    guard let whole = try reassembly.receive(Chunk(reading: &reader), limit: 1 << 20) else { continue }
                    reader = FrameReader(whole)
                    type = try reader.integer(UInt8.self)
                }
                #expect(type == FrameType.call)
                arrived.append(try CallFrame.read(&reader, clockOffset: 0).head.id)
            }
        }
        #expect(arrived.filter { $0 != 3 } == [1, 2])
        #expect(Set(arrived) == [1, 2, 3])

        // Once more, and the session ends before anything left.
        var silent = SessionMachine(limits: SessionMachineTests.limits)
        #expect(silent.enqueue(large, arguments: ByteBuffer(repeating: 0, count: 100_000), order: 7) == .accepted)
        let head = CallHead(id: 2, grain: GrainID(type: "Cart", key: "1"), method: "add")
        _ = withUnsafeTemporaryAllocation(byteCount: 200, alignment: 1) { memory in
            var frame = FrameMemory(memory, FrameType.call)
            CallFrame.write(head, argumentBytes: 0, to: &frame)
            return silent.enqueue(call: 2, frame.finish(), order: 7)
        }
        #expect(silent.end() == [1, 2])
    }
}
