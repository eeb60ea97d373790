import NIOCore
import Synchronization

/// The frames that one side of the sketch has to send: those that come together leave together.
final class SketchOutbox: Sendable {
    private struct State {
        var numbers: [UInt64] = []
        var isFlushing = false
    }

    private let state = Mutex(State())

    /// Adds a frame; says whether the event loop has to be asked to flush, which nobody has done yet.
    func add(_ number: UInt64) -> Bool {
        state.withLock { state in
            state.numbers.append(number)
            defer { state.isFlushing = true }
            return !state.isFlushing
        }
    }

    /// The frames of all numbers, in one buffer; on the event loop.
    func take(_ allocator: ByteBufferAllocator) -> ByteBuffer {
        let numbers = state.withLock { state in
            defer { state.numbers.removeAll(keepingCapacity: true) }
            state.isFlushing = false
            return state.numbers
        }
        var frames = allocator.buffer(capacity: numbers.count * EchoLoad.frameSize)
        for number in numbers {
            frames.writeInteger(number)
            frames.writeRepeatingByte(0, count: EchoLoad.frameSize - 8)
        }
        return frames
    }
}

/// The frames that one side of the sketch gets, put together from what the socket gives.
struct SketchInbox {
    private var partial = ByteBuffer()

    /// The numbers of the frames that are whole now.
    mutating func numbers(in bytes: ByteBuffer) -> [UInt64] {
        partial.writeImmutableBuffer(bytes)
        var numbers: [UInt64] = []
        while partial.readableBytes >= EchoLoad.frameSize, let number = partial.readInteger(as: UInt64.self) {
            partial.moveReaderIndex(forwardBy: EchoLoad.frameSize - 8)
            numbers.append(number)
        }
        partial.discardReadBytes()
        return numbers
    }
}
