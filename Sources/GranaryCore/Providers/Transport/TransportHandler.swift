package import NIOCore

/// Hears what a transport receives.
///
/// The methods run on the transport's threads and must not block. Those about one link run one after the other; those
/// about a peer's control connection run beside them.
package protocol TransportHandler: AnyObject, Sendable {
    /// Whether a process that opens a connection is welcome, for example not known as ended.
    func admits(_ peer: PeerIdentity) -> Admission

    /// A call arrived; its deadline is already a reading of this process's clock.
    func received(_ call: consuming ReceivedCall, on link: any TransportLink)

    /// The answer to one of this process's calls arrived.
    func received(_ reply: CallReply, on link: any TransportLink)

    /// The peer no longer waits for a call's answer.
    func received(cancellationOf call: UInt64, on link: any TransportLink)

    /// A message of the cluster's own protocol arrived.
    func received(message: ByteBuffer, on link: any TransportLink)

    /// Everything that had arrived was handed on; more may follow at once.
    func receivedAll(from link: any TransportLink)

    /// A session began: its first connection is open.
    func sessionOpened(_ link: any TransportLink)

    /// The session's connection closed without a goodbye. The session goes on; a new connection is being made.
    func sessionInterrupted(_ link: any TransportLink)

    /// A new connection took the session up again; nothing was lost.
    func sessionResumed(_ link: any TransportLink)

    /// The session is over. Calls that it lists never started at the peer; of all others without an answer nothing is
    /// known.
    func sessionEnded(_ link: any TransportLink, _ end: SessionEnd)

    /// A control connection is there.
    func controlOpened(_ peer: PeerIdentity)

    /// A control connection closed.
    ///
    /// - Parameters:
    ///   - peer: The other end.
    ///   - goodbye: Whether the peer, or this process, said so before.
    func controlClosed(_ peer: PeerIdentity, goodbye: Bool)

    /// A message arrived on the control connection.
    func received(control message: ByteBuffer, from peer: PeerIdentity)
}
