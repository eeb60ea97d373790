internal import GranaryCore
internal import NIOCore

/// How the answer to a call travels.
enum ReplyFrame {
    private static let result: UInt8 = 0
    private static let error: UInt8 = 1
    private static let notStarted: UInt8 = 2

    /// About how many bytes the frame takes beside its payload, to keep small answers from being counted as large.
    static func roughSize(_ reply: borrowing CallReply) -> Int {
        switch reply.outcome {
        case .result(let payload): payload.readableBytes + 32
        case .error(let failure):
            failure.payload.readableBytes + failure.message.utf8.count + failure.code.utf8.count
                + (failure.type?.utf8.count ?? 0) + 64
        case .notStarted: 32
        }
    }

    /// Writes everything after the frame's type.
    @inline(__always)
    static func write(_ reply: borrowing CallReply, to buffer: inout some FrameSink) {
        buffer.writeNumber(reply.call)
        switch reply.outcome {
        case .result(let payload):
            buffer.writeNumber(result)
            buffer.writeBlock(payload)
        case .error(let failure):
            buffer.writeNumber(error)
            buffer.writeText(failure.code)
            buffer.writeText(failure.message)
            buffer.writeText(failure.type ?? "")
            buffer.writeBlock(failure.payload)
        case .notStarted(let reason, let view):
            buffer.writeNumber(notStarted)
            buffer.writeNumber(reason.rawValue)
            buffer.writeSignedVarint(view)
        }
    }

    /// Reads what follows the type.
    static func read(_ reader: inout FrameReader) throws(WireFault) -> CallReply {
        let call = try reader.integer(UInt64.self)
        switch try reader.integer(UInt8.self) {
        case result:
            return CallReply(call, .result(try reader.block()))
        case error:
            let code = try reader.text()
            let message = try reader.text()
            let type = try reader.text()
            let failure = CallFailure(
                code: code, message: message, type: type.isEmpty ? nil : type, payload: try reader.block())
            return CallReply(call, .error(failure))
        case notStarted:
            let reason = NotStartedReason(rawValue: try reader.integer(UInt8.self)) ?? .other
            return CallReply(call, .notStarted(reason, view: try reader.signedVarint()))
        case let outcome:
            throw WireFault("a reply has the unknown outcome \(outcome)")
        }
    }
}
