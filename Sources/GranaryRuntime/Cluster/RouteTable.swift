internal import GranaryCluster
internal import GranaryCore
internal import Synchronization

/// Where calls go at this moment: the rings of the installed view and the sessions with those who own grains.
///
/// It never changes: another view, or another list of members, makes another table. So a call finds its way without the
/// driver's lock.
final class RouteTable: Sendable {
    /// The installed view.
    let view: Int64
    private let own: Int32?
    private let rings: RingCache?
    private let peers: [Int32: PeerRoute]

    /// Makes a table.
    ///
    /// - Parameters:
    ///   - rings: The rings of the installed view; `nil` before the first one is installed.
    ///   - own: This silo's number.
    ///   - members: The members of the newest view; those that live are routed to.
    ///   - old: The table before, whose sessions stay.
    ///   - transport: What makes the sessions.
    init(
        rings: RingCache?, own: Int32?, members: some Sequence<ClusterMember>, after old: RouteTable?,
        transport: any SiloTransport
    ) {
        self.rings = rings
        self.own = own
        view = rings?.snapshot.view ?? 0
        var peers: [Int32: PeerRoute] = [:]
        for member in members where member.status.isLive && member.silo != own {
            let peer = PeerIdentity(silo: member.silo, incarnation: member.incarnation)
            let known = old?.peers[member.silo].flatMap { $0.isRoute(to: peer, at: member.address) ? $0 : nil }
            peers[member.silo] = known ?? PeerRoute(peer, at: member.address, transport)
        }
        self.peers = peers
    }

    /// The grain's place on the ring of its type, and who owns it; `nil` before the first view is installed.
    func place(of type: String, _ key: String) -> (hash: UInt64, owner: Int32?)? {
        guard let ring = rings?.ring(of: type) else { return nil }
        let hash = ring.hasher.hash(key)
        return (hash, ring.ring.owner(of: hash))
    }

    /// Where a call has to go.
    func route(_ grain: ClusterGrain) throws -> ClusterRoute {
        guard let owner = rings?.owner(of: grain) else { return .nobody(view: view) }
        if owner == own { return .local }
        // A member that has ended is in no ring of the view that says so, and that view is about to be installed.
        guard let peer = peers[owner] else { return .nobody(view: view) }
        return .remote(try peer.link(), view: view)
    }

    /// The session with another silo; `nil` for this silo, and for one that has ended.
    func link(to silo: Int32) -> (any TransportLink)? {
        silo == own ? nil : try? peers[silo]?.link()
    }

    /// Forgets a session that is over.
    func forget(_ link: any TransportLink) { peers[link.peer.silo]?.forget(link) }
}

/// The way to one member.
private final class PeerRoute: Sendable {
    private let peer: PeerIdentity
    private let address: String
    private let transport: any SiloTransport
    /// The session, once a call needed it: to look it up takes the transport several locks.
    private let session = Mutex<(any TransportLink)?>(nil)

    init(_ peer: PeerIdentity, at address: String, _ transport: any SiloTransport) {
        self.peer = peer
        self.address = address
        self.transport = transport
    }

    func isRoute(to peer: PeerIdentity, at address: String) -> Bool { self.peer == peer && self.address == address }

    func link() throws -> any TransportLink {
        if let session = session.withLock({ $0 }) { return session }
        let link = try transport.link(to: peer, at: address)
        session.withLock { $0 = link }
        return link
    }

    func forget(_ link: any TransportLink) {
        session.withLock { session in
            if session === link { session = nil }
        }
    }
}
