internal import GranaryCluster

/// What the two machines of a cluster want done, in one line.
enum ClusterWork: Sendable {
    case membership(MembershipAction)
    case ownership(OwnershipAction)
}
