internal import GranaryCluster
internal import GranaryCore

// The provider's words and the protocol's words for the same things.
extension ClusterView {
    init(_ view: MembershipView) {
        self.init(number: view.number, token: view.token, members: view.members.map(ClusterMember.init))
    }
}

extension ClusterMember {
    init(_ member: Member) {
        self.init(
            silo: member.silo,
            candidate: ClusterCandidate(
                incarnation: member.incarnation, name: member.name, address: member.address, weight: member.weight,
                types: member.types, leaseMilliseconds: member.leaseMilliseconds,
                versions: ClusterTypeVersion.all(member.versions)),
            joined: member.joined)
        status = ClusterMemberStatus(member.status)
        ringFrom = member.ringFrom
        ringTo = member.ringTo
        ended = member.ended
        fenced = member.fenced
        renewals = member.renewals
        released = member.released
    }
}

extension ClusterMemberStatus {
    init(_ status: MemberStatus) {
        switch status {
        case .joining: self = .joining
        case .active: self = .active
        case .leaving: self = .leaving
        case .left: self = .left
        case .dead: self = .dead
        }
    }

    var memberStatus: MemberStatus {
        switch self {
        case .joining: .joining
        case .active: .active
        case .leaving: .leaving
        case .left: .left
        case .dead: .dead
        }
    }
}

extension ClusterTypeVersion {
    static func all(_ versions: [String: GrainTypeVersion]) -> [String: ClusterTypeVersion]? {
        if versions.isEmpty { return nil }
        return versions.mapValues { ClusterTypeVersion(number: $0.number, oldestBeside: $0.oldestBeside) }
    }
}
