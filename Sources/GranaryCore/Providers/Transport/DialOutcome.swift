/// What a dial found.
package enum DialOutcome: Hashable, Sendable {
    /// A process answered, and says that it is this one; a silo that has no number yet says 0.
    case accepted(PeerIdentity)
    /// Nobody listens there.
    case refused
    /// No answer within the time, or none that proves anything.
    case timeout
}
