/// What came of dialling a member.
package enum DialOutcome: Sendable, Hashable {
    /// The member itself answered.
    case connected
    /// Nobody listens there.
    case refused
    /// A newer incarnation of the member's name answered.
    case newerIncarnation
    /// No answer in time, or no route: this proves nothing.
    case failed
}
