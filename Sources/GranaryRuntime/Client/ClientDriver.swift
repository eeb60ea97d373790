internal import GranaryCluster
internal import GranaryCore
internal import Logging
internal import Synchronization

/// A client's way to the silos: the view that it routes by, its sessions, and the silos that tell it of newer views.
///
/// It sends each call straight to the silo that owns the grain, as silos do. The silos that it asked to tell it views are
/// its gateways; no call goes through them unless they own its grain.
final class ClientDriver: CallRouting {
    struct State {
        var transport: (any SiloTransport)?
        var hashKey = HashKey(low: 0, high: 0)
        var rings: RingCache?
        /// The members of the view.
        var members: [Int32: ClusterMember] = [:]
        /// Calls that wait for a newer view.
        var awaiting: [(view: Int64, rendezvous: Rendezvous<Void>)] = []
        /// The sessions that have begun, by the number of the silo.
        var sessions: [Int32: any TransportLink] = [:]
        /// The silos with which there is a connection at this moment.
        var connected: Set<PeerIdentity> = []
        /// Silos that are over by their own word, or by that of who took their place; the view may not say so yet.
        var gone: Set<PeerIdentity> = []
        var gateways: [PeerIdentity: Gateway] = [:]
        /// Silos that did not answer as gateways, and when they were given up.
        var silent: [PeerIdentity: Duration] = [:]
        /// Members that left, and when their sessions are ended if they do not end them.
        var leavers: [PeerIdentity: Duration] = [:]
        /// When silos that had spoken of a newer view were asked for it.
        var asked: [Int32: Duration] = [:]
        /// The gateways that the client's user was told of, by their names.
        var told: [PeerIdentity: String] = [:]
        /// Met when the client reaches its cluster, or knows that it never will.
        var whenConnected: Rendezvous<Result<Void, any Error>>?
        /// What the last search for a silo found instead of one.
        var trouble = "nobody was asked yet"
    }

    let calls: RemoteCalls
    let time: any TimeSource
    let random: any RandomSource
    let logger: Logger
    let configuration: ClientConfiguration
    let sources: ClientGateways
    let events = ConnectionEvents()
    let state = Mutex(State())
    /// The rings of the newest view; changed by one thread at a time, outside of the other lock, since it takes a while.
    let history = Mutex<RingHistory?>(nil)

    /// A client owns nothing, so it is no member.
    let silo: Int32 = 0
    /// What a turn found out counts at the silo that ran it, so the mode is no matter of the client's.
    let mode = ClusterMode.fast

    init(
        configuration: ClientConfiguration, sources: ClientGateways, time: any TimeSource, random: any RandomSource,
        logger: Logger
    ) {
        self.configuration = configuration
        self.sources = sources
        self.time = time
        self.random = random
        self.logger = logger
        // No activation is here that a call could go straight to, so nothing asks this lease.
        calls = RemoteCalls(lease: ServingLease())
    }

    var installed: Int64 { state.withLock { $0.rings?.snapshot.view ?? 0 } }

    var isConnected: Bool { state.withLock { !$0.told.isEmpty } }

    /// The names of the silos that tell the client of the cluster.
    var gatewayNames: [String] { state.withLock { $0.told.values.sorted() } }

    func grain(_ type: String, _ key: String) -> ClusterGrain {
        let hashKey = state.withLock(\.hashKey)
        return ClusterGrain(type: type, key: key, hash: GrainHasher(type: type, key: hashKey).hash(key))
    }

    func route(_ grain: ClusterGrain) throws -> ClusterRoute {
        enum Way {
            case known(ClusterRoute)
            case new(any SiloTransport, PeerIdentity, String, view: Int64)
        }
        let way: Way = state.withLock { state in
            guard let rings = state.rings, let transport = state.transport else { return .known(.nobody(view: 0)) }
            let view = rings.snapshot.view
            guard let owner = rings.owner(of: grain), let member = state.members[owner], member.status.isLive else {
                return .known(.nobody(view: view))
            }
            let peer = PeerIdentity(silo: owner, incarnation: member.incarnation)
            if state.gone.contains(peer) { return .known(.nobody(view: view)) }
            if let session = state.sessions[owner], session.peer == peer { return .known(.remote(session, view: view)) }
            return .new(transport, peer, member.address, view: view)
        }
        switch way {
        case .known(let route): return route
        case .new(let transport, let peer, let address, let view):
            return .remote(try transport.link(to: peer, at: address), view: view)
        }
    }

    /// A client's calls come through no grains that hold a silo's turn, so they go to owners alone.
    func link(to silo: Int32) throws -> (any TransportLink)? { nil }

    func forget(_ link: any TransportLink) {
        state.withLock { state in
            if state.sessions[link.peer.silo] === link { state.sessions[link.peer.silo] = nil }
        }
    }

    func knowsHost(of type: String) -> Bool {
        state.withLock { state in
            let live = state.members.values.filter(\.status.isLive)
            // Where nobody is left, or nobody can be asked, a silo that hosts it may be about to come.
            return live.isEmpty || state.told.isEmpty || live.contains { $0.types.contains(type) }
        }
    }

    func installs(_ view: Int64, deadline: UInt32, runtime: SiloRuntime) async {
        let rendezvous: Rendezvous<Void>? = state.withLock { state in
            if state.rings?.snapshot.view ?? 0 >= view { return nil }
            let rendezvous = Rendezvous<Void>()
            state.awaiting.append((view, rendezvous))
            return rendezvous
        }
        guard let rendezvous else { return }
        await wait(for: rendezvous, deadline: deadline, runtime: runtime)
        state.withLock { state in state.awaiting.removeAll { $0.rendezvous.isFinished } }
    }

    /// Nothing comes any more: ends every wait.
    func close() {
        let (waiting, whenConnected) = state.withLock { state in
            defer {
                state.awaiting = []
                state.whenConnected = nil
                state.gateways = [:]
                state.sessions = [:]
                state.transport = nil
            }
            return (state.awaiting.map(\.rendezvous), state.whenConnected)
        }
        whenConnected?.finish(.failure(GrainError(.siloUnavailable, "The client was stopped before it was connected.")))
        for rendezvous in waiting { rendezvous.finish(()) }
        calls.close()
        events.finish()
    }
}
