import GranaryCore
import Logging
import NIOCore

/// The incarnation of the silo with a number, in its first life unless said otherwise.
func silo(_ number: Int32, life: Int = 1) -> PeerIdentity {
    PeerIdentity(silo: number, incarnation: "00000000-0000-4000-8000-\(hexadecimal(Int(number) * 1000 + life, 12))")
}

/// What a silo says of itself.
func identity(_ number: Int32, life: Int = 1, cluster: String = "test") -> TransportIdentity {
    TransportIdentity(cluster: cluster, own: silo(number, life: life))
}

/// What a client says of itself.
func clientIdentity(_ number: Int) -> TransportIdentity {
    TransportIdentity(
        cluster: "test", own: PeerIdentity(silo: 0, incarnation: "00000000-0000-4000-9000-\(hexadecimal(number, 12))"))
}

private func hexadecimal(_ value: Int, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
}

/// A head with a number and little else.
func call(_ id: UInt64, options: CallOptions = []) -> CallHead {
    CallHead(id: id, grain: GrainID(type: "Cart", key: "alice"), method: "add", options: options)
}

/// A buffer of so many bytes.
func block(_ count: Int, of byte: UInt8 = 7) -> ByteBuffer { ByteBuffer(repeating: byte, count: count) }

/// A logger that says nothing.
let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
