internal import DequeModule
internal import NIOCore

/// The large messages of a session, and the small ones that must not overtake them.
///
/// Messages of one order form a queue; the first ``WireFormat/chunkedAtOnce`` queues take turns, one piece each.
struct BulkLane {
    /// A message on its way.
    private struct Item {
        /// Type and body, as they would follow a length field.
        var bytes: ByteBuffer
        var total: Int
        var call: UInt64?
        /// The number of the chunked message, once its first piece was taken.
        var message: UInt64?
    }

    private struct Queue {
        var order: UInt64
        var items: Deque<Item>
    }

    /// What was taken.
    struct Piece {
        /// Numbered frames written.
        var frames: UInt64 = 0
        /// Bytes that left the lane.
        var bytes = 0
        /// A call whose last chunk this is.
        var completedCall: UInt64?
    }

    /// The order of the cluster's own messages.
    static let messageOrder = UInt64.max

    private var queues = Deque<Queue>()
    private var nextMessage: UInt64 = 0

    var isEmpty: Bool { queues.isEmpty }

    /// Whether a small frame of an order may pass the lane by.
    @inline(__always)
    func accepts(_ order: UInt64) -> Bool {
        queues.isEmpty || order == 0 || !queues.contains { $0.order == order }
    }

    mutating func append(_ bytes: ByteBuffer, call: UInt64?, order: UInt64) {
        let item = Item(bytes: bytes, total: bytes.readableBytes, call: call)
        if order != 0, let index = queues.firstIndex(where: { $0.order == order }) {
            queues[index].items.append(item)
        } else {
            queues.append(Queue(order: order, items: [item]))
        }
    }

    /// Writes one chunk of the queue whose turn it is, or its small frames up to the next large one.
    mutating func take(into buffer: inout ByteBuffer) -> Piece {
        var piece = Piece()
        guard var queue = queues.popFirst() else { return piece }
        while let first = queue.items.first, first.message == nil, first.total <= WireFormat.largestFrame {
            queue.items.removeFirst()
            buffer.writeInteger(UInt32(first.total))
            buffer.writeImmutableBuffer(first.bytes)
            piece.frames += 1
            piece.bytes += first.total
        }
        if piece.frames == 0, var first = queue.items.popFirst() {
            let isFirst = first.message == nil
            let message = first.message ?? nextMessage
            if isFirst { nextMessage += 1 }
            let length = min(WireFormat.largestChunk, first.bytes.readableBytes)
            let bytes = first.bytes.readSlice(length: length) ?? ByteBuffer()
            let isComplete = first.bytes.readableBytes == 0
            Chunk(message: message, total: isFirst ? UInt64(first.total) : nil, isComplete: isComplete, bytes: bytes)
                .write(to: &buffer)
            piece.frames = 1
            piece.bytes = length
            if isComplete {
                piece.completedCall = first.call
            } else {
                first.message = message
                queue.items.prepend(first)
            }
        }
        // Queues that are not yet among those taking turns wait behind them.
        if !queue.items.isEmpty { queues.insert(queue, at: min(queues.count, WireFormat.chunkedAtOnce - 1)) }
        return piece
    }

    /// The calls whose last piece was not taken.
    var calls: [UInt64] { queues.flatMap { $0.items.compactMap(\.call) } }
}
