internal import GranaryCore
internal import NIOCore
internal import Synchronization

extension Session {
    /// Whether frames of a connection may be handed on now; if so, ``endDelivery(of:on:)`` has to follow.
    func beginDelivery(on connection: WireConnection) -> Bool {
        state.withLock { state in
            // A connection whose place another one took is discarded unread.
            guard state.connection === connection else { return false }
            if state.isBusy {
                state.waiting.append { connection.wire.execute { connection.received(ByteBuffer()) } }
                return false
            }
            state.isBusy = true
            return true
        }
    }

    /// Frames of a connection were handed on.
    func endDelivery(of frames: UInt64, on connection: WireConnection) {
        let (leaves, flushes) = state.withLock { state in
            state.machine.delivered(frames)
            guard state.waiting.isEmpty else { return (true, false) }
            state.isBusy = false
            guard !state.isFlushing, state.machine.hasFrames || state.machine.unacknowledged >= 256 else {
                return (false, false)
            }
            state.isFlushing = true
            return (false, true)
        }
        if leaves { leave() }
        if flushes { flush(on: connection) }
    }

    /// The peer has all frames up to a number.
    func acknowledged(_ number: UInt64) throws(WireFault) {
        let result: Result<[CheckedContinuation<Void, Never>], WireFault> = state.withLock { state in
            do throws(WireFault) {
                try state.machine.acknowledged(number)
            } catch {
                return .failure(error)
            }
            guard state.machine.isIdle else { return .success([]) }
            defer { state.whenDrained = [] }
            return .success(state.whenDrained)
        }
        for continuation in try result.get() { continuation.resume() }
    }

    /// Hands a numbered frame on.
    func receive(_ type: UInt8, _ reader: inout FrameReader, offset: Int64) throws(WireFault) {
        switch type {
        case FrameType.call:
            handler.received(try CallFrame.read(&reader, clockOffset: offset), on: self)
        case FrameType.reply:
            handler.received(try ReplyFrame.read(&reader), on: self)
        case FrameType.cancellation:
            let call = try reader.integer(UInt64.self)
            handler.received(cancellationOf: call, on: self)
        case FrameType.message:
            handler.received(message: reader.buffer, on: self)
        case FrameType.chunk:
            try receive(try Chunk(reading: &reader), offset: offset)
        default:
            break
        }
    }

    private func receive(_ chunk: Chunk, offset: Int64) throws(WireFault) {
        let result: Result<ByteBuffer?, WireFault> = state.withLock { state in
            do throws(WireFault) {
                let limit = engine.settings.limits.largestMessage
                return .success(try state.machine.reassembly.receive(chunk, limit: limit))
            } catch {
                return .failure(error)
            }
        }
        guard let message = try result.get() else { return }
        var reader = FrameReader(message)
        let type = try reader.integer(UInt8.self)
        guard type >= FrameType.firstNumbered, type != FrameType.chunk else {
            throw WireFault("frame type \(type) in chunks")
        }
        try receive(type, &reader, offset: offset)
    }
}
