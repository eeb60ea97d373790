import GranaryCore
import NIOCore
import Testing

@testable import GranaryTransport

/// Rule C1: two machines, a wire that is cut anywhere, and nothing lost, doubled or reordered.
@Suite(.timeLimit(.minutes(1))) struct SessionMachineTests {
    static let limits = SessionLimits(largestMessage: 1 << 20, queuedBytes: 4 << 20)

    @Test("Nothing is lost, doubled or reordered, wherever connections are cut", arguments: 0..<40)
    func cuts(seed: UInt64) throws {
        var world = SessionWorld(seed: seed, limits: Self.limits)
        for _ in 0..<600 { try world.step() }
        try world.settle()
        for side in 0..<2 {
            // Small frames and those of one order stay in order; large ones of other orders may be overtaken.
            for order in Set(world.sent[side].map(\.order)) {
                let sent = world.sent[side].filter { $0.order == order }.map(\.id)
                let received = world.received[1 - side].filter { $0.order == order }.map(\.id)
                #expect(received == sent, "order \(order) of side \(side)")
            }
            #expect(world.machines[side].heldBytes == 0)
        }
        #expect(world.cuts > 0)
        #expect(world.sent[0].count > 60)
    }

    @Test("A full session refuses calls, and takes replies until twice the bound")
    func bound() {
        var machine = SessionMachine(limits: SessionLimits(largestMessage: 100_000, queuedBytes: 100_000))
        var accepted: UInt64 = 0
        while accepted < 1_000, machine.enqueue(call(accepted), arguments: block(1_000), order: 0) == .accepted {
            accepted += 1
        }
        #expect((85...99).contains(accepted))
        #expect(machine.enqueue(CallReply(1, .result(block(50_000)))) == .accepted)
        #expect(machine.enqueue(CallReply(1, .result(block(60_000)))) == .overloaded)
        #expect(machine.enqueue(call(0), arguments: block(100_001), order: 0) == .tooLarge(limit: 100_000))
    }

    @Test("What is acknowledged makes room again")
    func room() throws {
        var machine = SessionMachine(limits: SessionLimits(largestMessage: 50_000, queuedBytes: 50_000))
        try machine.attach(peerDelivered: 0)
        #expect(machine.enqueue(call(1), arguments: block(40_000), order: 0) == .accepted)
        #expect(machine.enqueue(call(2), arguments: block(40_000), order: 0) == .overloaded)
        _ = machine.take()
        #expect(machine.enqueue(call(2), arguments: block(40_000), order: 0) == .overloaded)
        try machine.acknowledged(1)
        #expect(machine.enqueue(call(2), arguments: block(40_000), order: 0) == .accepted)
    }

    @Test("An end tells which calls never left, and which the peer said it does not have")
    func neverStarted() throws {
        var machine = SessionMachine(limits: Self.limits)
        try machine.attach(peerDelivered: 0)
        for id in 1...3 as ClosedRange<UInt64> {
            #expect(machine.enqueue(call(id), arguments: block(9), order: 0) == .accepted)
        }
        _ = machine.take()
        #expect(machine.enqueue(call(4), arguments: block(9), order: 0) == .accepted)
        machine.detach()
        var unresumed = machine
        #expect(unresumed.end() == [4], "1 to 3 were written, and nobody knows more")
        try machine.attach(peerDelivered: 1)
        #expect(machine.enqueue(call(5), arguments: block(200_000), order: 0) == .accepted)
        var resumed = machine
        #expect(resumed.end() == [2, 3, 4, 5], "the peer has only the first")
        _ = machine.take()
        #expect(machine.end() == [4, 5])
        #expect(machine.end() == [])
        #expect(machine.enqueue(call(6), arguments: block(9), order: 0) == .closed)
    }

    @Test("A large call whose last chunk was not written never started")
    func largeCall() throws {
        var machine = SessionMachine(limits: Self.limits)
        try machine.attach(peerDelivered: 0)
        #expect(machine.enqueue(call(1), arguments: block(150_000), order: 0) == .accepted)
        _ = machine.take()
        _ = machine.take()
        var early = machine
        #expect(early.end() == [1])
        _ = machine.take()
        #expect(machine.end() == [])
    }

    @Test("A peer that claims what was never written, or forgot what it had, is caught")
    func lies() throws {
        var machine = SessionMachine(limits: Self.limits)
        #expect(throws: WireFault.self) { try machine.attach(peerDelivered: 1) }
        try machine.attach(peerDelivered: 0)
        #expect(throws: WireFault.self) { try machine.acknowledged(1) }
        for id in 1...2 as ClosedRange<UInt64> {
            #expect(machine.enqueue(call(id), arguments: block(9), order: 0) == .accepted)
            _ = machine.take()
        }
        try machine.acknowledged(2)
        machine.detach()
        #expect(throws: WireFault.self) { try machine.attach(peerDelivered: 1) }
    }

    @Test("A small frame overtakes a large one of another order, but not of its own")
    func overtaking() throws {
        var machine = SessionMachine(limits: Self.limits)
        try machine.attach(peerDelivered: 0)
        #expect(machine.enqueue(call(1), arguments: block(200_000), order: 5) == .accepted)
        #expect(machine.enqueue(call(2), arguments: block(9), order: 5) == .accepted)
        #expect(machine.enqueue(call(3), arguments: block(9), order: 6) == .accepted)
        var receiver = SessionMachine(limits: Self.limits)
        try receiver.attach(peerDelivered: 0)
        var order: [UInt64] = []
        var splitter = FrameSplitter()
        splitter.largestFrame = WireFormat.largestFrame
        while let bytes = machine.take() {
            splitter.append(bytes)
            while let frame = try splitter.next() {
                if let id = try receiver.receiveForTest(frame)?.id { order.append(id) }
            }
        }
        #expect(order == [3, 1, 2])
    }

    @Test("Large messages of several orders take turns, a piece each, and no more than eight do")
    func turns() throws {
        var machine = SessionMachine(limits: SessionLimits(largestMessage: 1 << 20, queuedBytes: 16 << 20))
        try machine.attach(peerDelivered: 0)
        for id in 1...10 as ClosedRange<UInt64> {
            #expect(machine.enqueue(call(id), arguments: block(150_000), order: id) == .accepted)
        }
        var messages: [UInt64] = []
        while let bytes = machine.take() {
            var splitter = FrameSplitter()
            splitter.largestFrame = WireFormat.largestFrame
            splitter.append(bytes)
            while let frame = try splitter.next() {
                var reader = FrameReader(frame)
                #expect(try reader.integer(UInt8.self) == FrameType.chunk)
                messages.append(try Chunk(reading: &reader).message)
            }
        }
        #expect(messages.prefix(9) == [0, 1, 2, 3, 4, 5, 6, 7, 0], "each has three pieces")
        #expect(messages.count == 30)
    }
}
