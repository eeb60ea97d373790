/// Where a member is in its life.
package enum ClusterMemberStatus: String, Hashable, Sendable, Codable {
    /// It has a number but serves nothing yet.
    case joining
    /// It serves grains.
    case active
    /// It hands its grains over and takes no new ones.
    case leaving
    /// It ended by itself, holding nothing.
    case left
    /// It was declared dead.
    case dead

    /// Whether the member has not ended.
    package var isLive: Bool { self == .joining || self == .active || self == .leaving }
}
