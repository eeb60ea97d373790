import GranaryCore
import NIOCore

/// A session that is over: the other end of calls that come from nowhere.
final class NoLink: TransportLink {
    let peer = PeerIdentity(silo: 1, incarnation: "none")
    var silo: Int32 { peer.silo }
    var clockOffset: Duration { .zero }

    func send(_ head: CallHead, arguments: ByteBuffer, order: UInt64) -> SendOutcome { .closed }

    func send(_ reply: CallReply) -> SendOutcome { .closed }

    func cancel(_ call: UInt64, order: UInt64) -> SendOutcome { .closed }

    func send(message: ByteBuffer) -> SendOutcome { .closed }
}
