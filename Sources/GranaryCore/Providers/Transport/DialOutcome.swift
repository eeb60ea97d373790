/// What a dial found.
package enum DialOutcome: Hashable, Sendable {
    /// A process answered, and says that it is this one; a silo that has no number yet says 0.
    case accepted(PeerIdentity)
    /// Nobody listens there.
    case refused
    /// A process answered and wants nothing to do with this one, for example because it belongs to another cluster.
    case unwelcome(RefusalCode, reason: String)
    /// No connection came about, or it ended before the answer: a TLS handshake that failed shows here.
    case failed(reason: String)
    /// No answer within the time, or none that proves anything.
    case timeout
}
