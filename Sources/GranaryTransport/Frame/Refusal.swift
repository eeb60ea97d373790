internal import GranaryCore
internal import NIOCore

/// The answer to a hello that is not accepted; the connection is closed after it.
struct Refusal: Hashable {
    var code: RefusalCode
    var reason: String
}

extension Refusal {
    func write(to buffer: inout ByteBuffer) {
        buffer.writeFrame(FrameType.refusal) { buffer in
            buffer.writeInteger(code.rawValue)
            buffer.writeText(String(reason.prefix(500)))
        }
    }

    init(reading reader: inout FrameReader) throws(WireFault) {
        code = RefusalCode(rawValue: try reader.integer(UInt8.self)) ?? .other
        reason = try reader.text()
    }
}
