import GranaryCore
import NIOCore

@testable import GranaryTransport

/// Two session machines and a wire between them that loses, at random, what is on its way.
struct SessionWorld {
    /// One frame, by its call number and order.
    struct Sent: Hashable {
        var id: UInt64
        var order: UInt64
    }

    var machines: [SessionMachine]
    /// Bytes on their way to each side.
    var wires = [ByteBuffer(), ByteBuffer()]
    var splitters = [FrameSplitter(), FrameSplitter()]
    var sent: [[Sent]] = [[], []]
    var received: [[Sent]] = [[], []]
    var cuts = 0
    private var isConnected = false
    private let random: SeededRandomSource
    private var next: UInt64 = 0

    init(seed: UInt64, limits: SessionLimits) {
        random = SeededRandomSource(seed: seed)
        machines = [SessionMachine(limits: limits), SessionMachine(limits: limits)]
    }

    private func roll(_ count: UInt64) -> Int { Int(random.next() % count) }

    /// Does one thing at random.
    mutating func step() throws {
        let side = roll(2)
        switch roll(12) {
        case 0..<4: send(side)
        case 4..<7: write(side)
        case 7..<10: try read(side, atMost: roll(3) == 0 ? roll(100_000) : .max)
        case 10 where roll(3) == 0: cut()
        default: try connect()
        }
    }

    /// Goes on without faults until everything arrived.
    mutating func settle() throws {
        try connect()
        for _ in 0..<1_000 {
            for side in 0..<2 {
                write(side)
                try read(1 - side, atMost: .max)
            }
            if machines.allSatisfy(\.isIdle) { return }
        }
    }

    private mutating func send(_ side: Int) {
        next += 1
        let isLarge = roll(20) == 0
        let order = UInt64(roll(3) + 1)
        let arguments = block(isLarge ? 70_000 + roll(200_000) : roll(300), of: UInt8(truncatingIfNeeded: next))
        if machines[side].enqueue(call(next), arguments: arguments, order: order) == .accepted {
            sent[side].append(Sent(id: next, order: order))
        }
        orders[next] = order
    }

    private var orders: [UInt64: UInt64] = [:]

    private mutating func write(_ side: Int) {
        guard isConnected, let bytes = machines[side].take() else { return }
        wires[1 - side].writeImmutableBuffer(bytes)
    }

    private mutating func read(_ side: Int, atMost limit: Int) throws {
        guard isConnected, let bytes = wires[side].readSlice(length: min(limit, wires[side].readableBytes)) else {
            return
        }
        splitters[side].append(bytes)
        while let frame = try splitters[side].next() {
            if let head = try machines[side].receiveForTest(frame) {
                received[side].append(Sent(id: head.id, order: orders[head.id] ?? 0))
            }
        }
    }

    private mutating func cut() {
        guard isConnected else { return }
        cuts += 1
        isConnected = false
        for side in 0..<2 {
            machines[side].detach()
            wires[side] = ByteBuffer()
            splitters[side] = FrameSplitter()
            splitters[side].largestFrame = WireFormat.largestFrame
        }
    }

    private mutating func connect() throws {
        guard !isConnected else { return }
        isConnected = true
        for side in 0..<2 { splitters[side].largestFrame = WireFormat.largestFrame }
        let delivered = machines.map(\.delivered)
        try machines[0].attach(peerDelivered: delivered[1])
        try machines[1].attach(peerDelivered: delivered[0])
    }
}

extension SessionMachine {
    /// Takes a frame as a connection does.
    ///
    /// - Returns: The call, if the frame completed one.
    mutating func receiveForTest(_ frame: ByteBuffer) throws -> CallHead? {
        var reader = FrameReader(frame)
        var type = try reader.integer(UInt8.self)
        if type == FrameType.acknowledgement {
            try acknowledged(try reader.varint())
            return nil
        }
        delivered(1)
        if type == FrameType.chunk {
            guard let message = try reassembly.receive(try Chunk(reading: &reader), limit: limits.largestMessage) else {
                return nil
            }
            reader = FrameReader(message)
            type = try reader.integer(UInt8.self)
        }
        let call = try CallFrame.read(&reader, clockOffset: 0)
        return call.head
    }
}
