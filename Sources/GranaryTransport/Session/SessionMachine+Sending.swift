internal import DequeModule
internal import GranaryCore
internal import NIOCore

extension SessionMachine {
    /// Queues a call.
    mutating func enqueue(_ head: borrowing CallHead, arguments: ByteBuffer, order: UInt64) -> SendOutcome {
        let count = arguments.readableBytes
        var size = count + head.grain.type.utf8.count + head.grain.key.utf8.count + head.method.utf8.count + 96
        for link in head.chain { size += link.grain.type.utf8.count + link.grain.key.utf8.count + 32 }
        for field in head.trace { size += field.name.utf8.count + field.value.utf8.count + 20 }
        if let refusal = refusal(size, limit: limits.queuedBytes) { return refusal }
        if size <= WireFormat.largestFrame, lane.accepts(order) {
            let before = pending.readableBytes
            pending.writeFrame(FrameType.call) { buffer in
                CallFrame.write(head, argumentBytes: count, to: &buffer)
                buffer.writeImmutableBuffer(arguments)
            }
            queued(before)
            return .accepted
        }
        var bytes = ByteBufferAllocator().buffer(capacity: size)
        bytes.writeInteger(FrameType.call)
        CallFrame.write(head, argumentBytes: count, to: &bytes)
        bytes.writeImmutableBuffer(arguments)
        return enqueueInLane(bytes, call: head.id, order: order)
    }

    /// Queues the answer to a call.
    mutating func enqueue(_ reply: borrowing CallReply) -> SendOutcome {
        let size = ReplyFrame.roughSize(reply)
        if let refusal = refusal(size, limit: limits.queuedBytes * 2) { return refusal }
        if size <= WireFormat.largestFrame {
            let before = pending.readableBytes
            pending.writeFrame(FrameType.reply) { ReplyFrame.write(reply, to: &$0) }
            queued(before)
            return .accepted
        }
        var bytes = ByteBufferAllocator().buffer(capacity: size)
        bytes.writeInteger(FrameType.reply)
        ReplyFrame.write(reply, to: &bytes)
        return enqueueInLane(bytes, call: nil, order: 0)
    }

    /// Queues the whole frame of a small call.
    mutating func enqueue(call: UInt64, _ frame: UnsafeRawBufferPointer, order: UInt64) -> SendOutcome {
        if let refusal = refusal(frame.count, limit: limits.queuedBytes) { return refusal }
        if lane.accepts(order) { return append(frame) }
        var bytes = ByteBufferAllocator().buffer(capacity: frame.count)
        bytes.writeBytes(UnsafeRawBufferPointer(rebasing: frame[WireFormat.lengthBytes...]))
        return enqueueInLane(bytes, call: call, order: order)
    }

    /// Queues the whole frame of a small answer.
    mutating func enqueue(reply frame: UnsafeRawBufferPointer) -> SendOutcome {
        refusal(frame.count, limit: limits.queuedBytes * 2) ?? append(frame)
    }

    private mutating func append(_ frame: UnsafeRawBufferPointer) -> SendOutcome {
        pending.writeBytes(frame)
        pendingFrames += 1
        heldBytes += frame.count
        return .accepted
    }

    /// Queues the cancellation of a call.
    mutating func enqueue(cancellationOf call: UInt64, order: UInt64) -> SendOutcome {
        var body = ByteBuffer()
        body.writeInteger(call)
        return enqueue(FrameType.cancellation, body, order: order)
    }

    /// Queues a message of the cluster's own protocol.
    mutating func enqueue(message: ByteBuffer) -> SendOutcome {
        enqueue(FrameType.message, message, order: BulkLane.messageOrder)
    }

    private mutating func enqueue(_ type: UInt8, _ body: ByteBuffer, order: UInt64) -> SendOutcome {
        let size = body.readableBytes + 1
        if let refusal = refusal(size, limit: limits.queuedBytes * 2) { return refusal }
        if size <= WireFormat.largestFrame, lane.accepts(order) {
            let before = pending.readableBytes
            pending.writeFrame(type) { $0.writeImmutableBuffer(body) }
            queued(before)
            return .accepted
        }
        var bytes = ByteBufferAllocator().buffer(capacity: size)
        bytes.writeInteger(type)
        bytes.writeImmutableBuffer(body)
        return enqueueInLane(bytes, call: nil, order: order)
    }

    private func refusal(_ size: Int, limit: Int) -> SendOutcome? {
        if isEnded { return .closed }
        if size > limits.largestMessage { return .tooLarge(limit: limits.largestMessage) }
        return heldBytes + size > limit ? .overloaded : nil
    }

    private mutating func queued(_ before: Int) {
        pendingFrames += 1
        heldBytes += pending.readableBytes - before
    }

    private mutating func enqueueInLane(_ bytes: ByteBuffer, call: UInt64?, order: UInt64) -> SendOutcome {
        heldBytes += bytes.readableBytes
        lane.append(bytes, call: call, order: order)
        return .accepted
    }
}

extension SessionMachine {
    /// Whether ``take()`` would return frames, an acknowledgement aside.
    var hasFrames: Bool { isAttached && (pendingFrames > 0 || written < retained.count || !lane.isEmpty) }

    /// The next bytes to write on the attached connection: everything small that is queued, and one piece of something
    /// large.
    mutating func take() -> ByteBuffer? {
        guard isAttached else { return nil }
        if written < retained.count {
            written += 1
            return retained[written - 1].bytes
        }
        var largeCalls: [UInt64] = []
        if !lane.isEmpty {
            let before = pending.readableBytes
            let piece = lane.take(into: &pending)
            pendingFrames += piece.frames
            heldBytes += pending.readableBytes - before - piece.bytes
            if let call = piece.completedCall { largeCalls.append(call) }
        }
        guard pendingFrames > 0 else {
            guard let number = takeAcknowledgement() else { return nil }
            var bytes = ByteBuffer()
            bytes.writeAcknowledgement(number)
            return bytes
        }
        if let number = takeAcknowledgement() {
            let before = pending.readableBytes
            pending.writeAcknowledgement(number)
            heldBytes += pending.readableBytes - before
        }
        let bytes = pending
        retained.append(Segment(bytes: bytes, frames: pendingFrames, largeCalls: largeCalls))
        written += 1
        pendingFrames = 0
        if var buffer = spare.take() {
            buffer.clear()
            pending = buffer
        } else {
            pending = ByteBufferAllocator().buffer(capacity: 4_096)
        }
        return bytes
    }
}
