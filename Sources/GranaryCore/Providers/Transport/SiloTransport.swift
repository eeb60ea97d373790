package import NIOCore

/// Carries calls, replies and cluster messages between processes.
///
/// To each peer there is one *session*: frames are delivered in the order in which they were sent, none of them twice,
/// across any number of connections. Beside it runs a *control connection* on a thread of its own, for probes, which no
/// amount of data delays; what is sent there may be lost.
package protocol SiloTransport: Sendable {
    /// Begins to listen and to answer.
    ///
    /// - Parameters:
    ///   - identity: What this process says of itself. A silo that listens before it has its number passes 0 for it and
    ///     calls ``identify(_:)`` later; until then it refuses sessions and answers ``dial(_:within:)`` only.
    ///   - handler: Hears of everything that arrives; kept until ``stop(within:)`` ends.
    /// - Returns: The address under which others reach this process.
    /// - Throws: ``TransportError`` when the address cannot be bound or the TLS files cannot be used.
    func start(_ identity: TransportIdentity, handler: any TransportHandler) async throws -> String

    /// Tells the transport the number that the silo was given.
    func identify(_ identity: TransportIdentity)

    /// The session with a peer, which is begun, and kept up, if there is none.
    ///
    /// Of two members the one with the higher number dials; a client dials. Frames sent before the connection is there
    /// wait in the queue. A session that ended is never given out again: the next call makes a new one.
    ///
    /// - Parameters:
    ///   - peer: The other end.
    ///   - address: Where it can be reached, as its own ``start(_:handler:)`` returned it.
    /// - Returns: The session.
    /// - Throws: ``TransportError`` with code `.address` when the address means nothing.
    func link(to peer: PeerIdentity, at address: String) throws -> any TransportLink

    /// Ends the session with a peer, and its control connection, at once; the handler hears `sessionEnded`.
    ///
    /// - Parameters:
    ///   - peer: The other end.
    ///   - reason: Why, for the log at both ends.
    func drop(_ peer: PeerIdentity, reason: String)

    /// Whether the other silos acknowledged everything that was sent to them on sessions: they have acted on it.
    var isAcknowledged: Bool { get }

    /// Sends a message on the control connection.
    ///
    /// - Returns: Whether there is a connection whose queue took it; it may still be lost.
    func sendControl(_ message: ByteBuffer, to peer: PeerIdentity) -> Bool

    /// Tries whether anybody listens at an address, on the control thread and with a connection of its own.
    func dial(_ address: String, within timeout: Duration) async -> DialOutcome

    /// Stops listening, lets what is queued reach the peers and says goodbye.
    ///
    /// - Parameter limit: How long peers that do not read are waited for.
    func stop(within limit: Duration) async
}
