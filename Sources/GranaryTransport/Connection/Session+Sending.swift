internal import GranaryCore
internal import NIOCore
internal import Synchronization

extension Session {
    func send(_ head: CallHead, arguments: ByteBuffer, order: UInt64) -> SendOutcome {
        let count = arguments.readableBytes
        let room = CallFrame.room(for: head, argumentBytes: count)
        guard room <= FrameMemory.most else {
            return queue { $0.enqueue(head, arguments: arguments, order: order) }
        }
        return withUnsafeTemporaryAllocation(byteCount: room, alignment: 1) { memory in
            var frame = FrameMemory(memory, FrameType.call)
            CallFrame.write(head, argumentBytes: count, to: &frame)
            frame.writeBytes(of: arguments)
            let bytes = frame.finish()
            return queue { $0.enqueue(call: head.id, bytes, order: order) }
        }
    }

    func send(_ reply: CallReply) -> SendOutcome {
        guard case .result(let result) = reply.outcome, result.readableBytes + 32 <= FrameMemory.most else {
            return queue { $0.enqueue(reply) }
        }
        return withUnsafeTemporaryAllocation(byteCount: result.readableBytes + 32, alignment: 1) { memory in
            var frame = FrameMemory(memory, FrameType.reply)
            ReplyFrame.write(reply, to: &frame)
            let bytes = frame.finish()
            return queue { $0.enqueue(reply: bytes) }
        }
    }

    func cancel(_ call: UInt64, order: UInt64) -> SendOutcome {
        queue { $0.enqueue(cancellationOf: call, order: order) }
    }

    func send(message: ByteBuffer) -> SendOutcome {
        queue { $0.enqueue(message: message) }
    }

    @inline(__always)
    private func queue(_ enqueue: (inout SessionMachine) -> SendOutcome) -> SendOutcome {
        let (outcome, connection) = state.withLock { state in
            let outcome = enqueue(&state.machine)
            return (outcome, outcome == .accepted ? state.connectionToWake() : nil)
        }
        if let connection { wake(connection) }
        return outcome
    }

    /// Writes everything queued, as far as the wire takes it; on the connection's loop.
    func flush(on connection: WireConnection) {
        var hasWritten = false
        while true {
            let bytes: ByteBuffer? = state.withLock { state in
                guard state.connection === connection else { return nil }
                // The greeting goes first, and a full wire says when it is not full any more: both flush again.
                guard connection.isGreeted, connection.wire.isWritable else {
                    state.isFlushing = true
                    return nil
                }
                let bytes = state.machine.take()
                state.isFlushing = bytes != nil
                return bytes
            }
            guard let bytes else { break }
            connection.wire.write(bytes)
            hasWritten = true
        }
        if hasWritten { connection.wire.flush() }
    }

    /// Whether the peer has not been told of everything that was delivered.
    var owesAcknowledgement: Bool { state.withLock { $0.machine.unacknowledged > 0 } }

    /// Whether the peer acknowledged everything, or the session is over.
    var isAcknowledged: Bool { state.withLock(\.machine.isAcknowledged) }

    /// Waits until the peer acknowledged everything, or the session is over.
    func drained() async {
        await withCheckedContinuation { continuation in
            let isDrained = state.withLock { state in
                if state.machine.isAcknowledged { return true }
                state.whenDrained.append(continuation)
                return false
            }
            if isDrained { continuation.resume() }
        }
    }
}
