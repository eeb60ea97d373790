/// One incarnation of a silo, as a view's row describes it; a restart is a new member.
package struct ClusterMember: Hashable, Sendable, Codable {
    /// The member's number.
    package var silo: Int32
    /// The member's unique incarnation, a UUID.
    package var incarnation: String
    /// The silo's name, which survives restarts and places it on the ring.
    package var name: String
    /// Where the silo can be reached.
    package var address: String
    /// The share of grains it takes, in relation to the others.
    package var weight: Int32
    /// The grain types it hosts.
    package var types: [String]
    /// The versions of those types that are not of version 1; `nil` for none.
    package var versions: [String: ClusterTypeVersion]?
    /// The length of its lease in milliseconds.
    package var leaseMilliseconds: Int32
    /// Where it is in its life.
    package var status: ClusterMemberStatus
    /// The view it joined in.
    package var joined: Int64
    /// The first view whose ring has it.
    package var ringFrom: Int64?
    /// The first view whose ring no longer has it.
    package var ringTo: Int64?
    /// The view it ended in.
    package var ended: Int64?
    /// Whether it is proven that it serves no more: it left, its process has ended, or it read of its death and said so.
    package var fenced: Bool
    /// How often its lease was renewed, as of the read; no part of the view.
    package var renewals: Int64
    /// The highest view up to which it holds nothing that it does not own, as of the read; no part of the view.
    package var released: Int64

    /// Makes a joining member.
    ///
    /// - Parameters:
    ///   - silo: The member's number.
    ///   - candidate: What it said of itself.
    ///   - joined: The view it joined in.
    package init(silo: Int32, candidate: ClusterCandidate, joined: Int64) {
        self.silo = silo
        self.incarnation = candidate.incarnation
        self.name = candidate.name
        self.address = candidate.address
        self.weight = candidate.weight
        self.types = candidate.types
        self.versions = candidate.versions
        self.leaseMilliseconds = candidate.leaseMilliseconds
        self.status = .joining
        self.joined = joined
        self.fenced = false
        self.renewals = 0
        self.released = 0
    }

    /// The length of its lease.
    package var lease: Duration { .milliseconds(leaseMilliseconds) }

    /// Whether the ring of a view has it.
    package func isInRing(_ view: Int64) -> Bool {
        guard let ringFrom, ringFrom <= view else { return false }
        guard let ringTo else { return true }
        return view < ringTo
    }

    /// Whether it has ended in a view.
    package func hasEnded(by view: Int64) -> Bool {
        guard let ended else { return false }
        return ended <= view
    }
}
