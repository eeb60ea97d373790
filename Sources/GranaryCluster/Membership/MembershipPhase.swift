/// Where a member is in its life, as it knows.
package enum MembershipPhase: Sendable, Hashable {
    /// It has no number yet.
    case starting
    /// It has a number and connects to the active members.
    case joining
    /// It serves grains.
    case active
    /// It releases everything.
    case leaving
    /// It ended, holding nothing.
    case left
    /// It must exit at once, for this reason (protocol E3, M2).
    case fenced(String)

    /// Whether this is the end.
    package var isOver: Bool {
        switch self {
        case .left, .fenced: true
        case .starting, .joining, .active, .leaving: false
        }
    }
}
