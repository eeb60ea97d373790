/// A numbered list of the cluster's members; a view never changes once it is written.
public struct MembershipView: Hashable, Sendable {
    /// The number, growing by one with each change.
    public var number: Int64
    /// A random token: two views of one number with different tokens show that the database lost history.
    public var token: String
    /// All members that have not been swept, ended ones included.
    public var members: [Member]

    /// Makes a view.
    ///
    /// - Parameters:
    ///   - number: The number.
    ///   - token: The token.
    ///   - members: The members.
    public init(number: Int64, token: String, members: [Member]) {
        self.number = number
        self.token = token
        self.members = members
    }
}

/// One incarnation of a silo; a restart is a new member.
public struct Member: Hashable, Sendable {
    /// The member's number.
    public var silo: Int32
    /// The member's unique incarnation, a UUID.
    public var incarnation: String
    /// The silo's name, which survives restarts.
    public var name: String
    /// Where the silo can be reached.
    public var address: String
    /// The share of grains it takes, in relation to the others.
    public var weight: Int32
    /// The grain types it hosts.
    public var types: [String]
    /// The versions of those types that are not of version 1.
    public var versions: [String: GrainTypeVersion]
    /// The length of its lease in milliseconds.
    public var leaseMilliseconds: Int32
    /// Where it is in its life.
    public var status: MemberStatus
    /// The view it joined in.
    public var joined: Int64
    /// The first view whose ring has it.
    public var ringFrom: Int64?
    /// The first view whose ring no longer has it.
    public var ringTo: Int64?
    /// The view it ended in.
    public var ended: Int64?
    /// Whether it is proven that it serves no more: it left, its process has ended, or it read of its death and said so.
    public var fenced: Bool
    /// How often its lease was renewed.
    public var renewals: Int64
    /// The highest view up to which it holds nothing that it does not own.
    public var released: Int64

    /// Makes a member.
    ///
    /// - Parameters:
    ///   - silo: The member's number.
    ///   - candidate: What the member said of itself when it joined.
    ///   - status: Where it is in its life.
    ///   - joined: The view it joined in.
    public init(silo: Int32, candidate: MemberCandidate, status: MemberStatus, joined: Int64) {
        self.silo = silo
        self.incarnation = candidate.incarnation
        self.name = candidate.name
        self.address = candidate.address
        self.weight = candidate.weight
        self.types = candidate.types
        self.versions = candidate.versions
        self.leaseMilliseconds = candidate.leaseMilliseconds
        self.status = status
        self.joined = joined
        self.fenced = false
        self.renewals = 0
        self.released = 0
    }
}

/// What a silo says of itself when it joins.
public struct MemberCandidate: Hashable, Sendable {
    /// The unique incarnation, a UUID.
    public var incarnation: String
    /// The silo's name, which survives restarts.
    public var name: String
    /// Where the silo can be reached.
    public var address: String
    /// The share of grains it takes, in relation to the others.
    public var weight: Int32
    /// The grain types it hosts.
    public var types: [String]
    /// The versions of those types that are not of version 1.
    public var versions: [String: GrainTypeVersion]
    /// The length of its lease in milliseconds.
    public var leaseMilliseconds: Int32

    /// Makes a candidate.
    ///
    /// - Parameters:
    ///   - incarnation: The unique incarnation, a UUID.
    ///   - name: The silo's name.
    ///   - address: Where the silo can be reached.
    ///   - weight: The share of grains it takes.
    ///   - types: The grain types it hosts.
    ///   - leaseMilliseconds: The length of its lease in milliseconds.
    ///   - versions: The versions of those types that are not of version 1.
    public init(
        incarnation: String, name: String, address: String, weight: Int32, types: [String], leaseMilliseconds: Int32,
        versions: [String: GrainTypeVersion] = [:]
    ) {
        self.versions = versions
        self.incarnation = incarnation
        self.name = name
        self.address = address
        self.weight = weight
        self.types = types
        self.leaseMilliseconds = leaseMilliseconds
    }
}

/// Where a member is in its life.
///
/// An enumeration, and one that stays as it is: the cluster's rules and the database's checks speak of these five, and a
/// silo that met another one could not go on.
public enum MemberStatus: String, Hashable, Sendable {
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
    public var isLive: Bool { self == .joining || self == .active || self == .leaving }
}

/// The answer to a lease renewal.
public struct LeaseRenewal: Hashable, Sendable {
    /// The number of the newest view.
    public var view: Int64
    /// The token of the newest view.
    public var token: String
    /// The status of the member that renewed; `nil` for an unknown member.
    public var status: MemberStatus?

    /// Makes an answer.
    ///
    /// - Parameters:
    ///   - view: The number of the newest view.
    ///   - token: The token of the newest view.
    ///   - status: The status of the member that renewed.
    public init(view: Int64, token: String, status: MemberStatus?) {
        self.view = view
        self.token = token
        self.status = status
    }
}
