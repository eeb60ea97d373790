package import NIOCore

/// The session with one peer.
///
/// All of it may be used from any thread, and nothing of it blocks.
///
/// Each method appends to the session's queue; one task of the event loop writes everything queued at once. Frames with
/// the same `order` other than 0, and all small frames among each other, are delivered in the order in which they were
/// sent. A message of more than 64 KiB travels in pieces, and small frames of another order overtake it.
package protocol TransportLink: AnyObject, Sendable {
    /// The other end.
    var peer: PeerIdentity { get }

    /// The other end's number; 0 for a client. Every call asks for it, and for no more of the identity.
    var silo: Int32 { get }

    /// The peer's clock minus this process's, as far as known.
    var clockOffset: Duration { get }

    /// Sends a call.
    ///
    /// - Parameters:
    ///   - head: Everything but the arguments.
    ///   - arguments: The encoded arguments, one after the other.
    ///   - order: A number of the grain, such as its hash; a later frame of this order does not overtake this one.
    /// - Returns: What became of it.
    func send(_ head: CallHead, arguments: ByteBuffer, order: UInt64) -> SendOutcome

    /// Sends the answer to a call of the peer.
    func send(_ reply: CallReply) -> SendOutcome

    /// Tells the peer that nobody waits for a call's answer any more.
    ///
    /// - Parameters:
    ///   - call: The call's number.
    ///   - order: The order of the call itself, so that the cancellation does not overtake it.
    /// - Returns: What became of it.
    func cancel(_ call: UInt64, order: UInt64) -> SendOutcome

    /// Sends a message of the cluster's own protocol; these never overtake each other.
    func send(message: ByteBuffer) -> SendOutcome
}

extension TransportLink {
    /// Whether the other end is a client.
    package var isClient: Bool { silo == 0 }
}
