internal import GranaryCluster
internal import GranaryCore
internal import Synchronization

// Other silos as such, whatever grains they own.
extension ClusterDriver {
    /// Whether a member is known to have ended.
    func hasEnded(_ silo: Int32) -> Bool { state.withLock { $0.membership.hasEnded(silo) } }

    /// The session with a member; `nil` while no view lists it as living.
    func link(to silo: Int32) throws -> (any TransportLink)? {
        guard let member = state.withLock({ $0.members[silo] }), member.status.isLive else { return nil }
        return try transport.link(to: PeerIdentity(silo: silo, incarnation: member.incarnation), at: member.address)
    }
}
