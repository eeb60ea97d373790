internal import GranaryCluster
internal import GranaryCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// A silo's part in a cluster of many: feeds the machines of membership and ownership with what happens, and carries out
/// what they decide.
///
/// The machines are values behind one lock. What they want done is put on one line and carried out by one thread at a
/// time, in order and outside of the lock; whatever takes time is started in a task of its own. Time, statements and dials
/// run on a thread of their own, which no load delays.
final class ClusterDriver: Sendable {
    struct State {
        var membership: MembershipMachine
        var ownership: OwnershipMachine?
        /// The members of the newest view.
        var members: [Int32: ClusterMember] = [:]
        var work: [ClusterWork] = []
        var isWorking = false
        /// Calls that wait for the right to activate their grain.
        var parked: [ClusterGrain: [Rendezvous<ClusterPermit>]] = [:]
        /// Calls that wait for a newer view.
        var awaiting: [(view: Int64, rendezvous: Rendezvous<Void>)] = []
        /// Who waits for a phase of the membership.
        var phaseWatchers: [Rendezvous<Void>] = []
        /// Members that left, and when their sessions are ended if they do not end them.
        var leavers: [PeerIdentity: Duration] = [:]
        /// Whether the membership is over, and those who want to know were told.
        var isOver = false
        /// Since when a silo that leaves holds nothing any more.
        var emptySince: Duration?
        /// Whether the others are just being told that this silo, which is dead, serves no more.
        var isProving = false
        /// Who waits until they are told.
        var proofWatchers: [Rendezvous<Void>] = []
        /// Who waits for the silo to serve.
        var servingWatchers: [Rendezvous<Void>] = []
        var rings: RingCache?
        /// When ended members are to be forgotten next; `nil` before the silo was active.
        var nextSweep: Duration?
        /// The hints at new views, for as long as they are wanted.
        var watch: MembershipWatch?
    }

    let store: any MembershipStore
    let transport: any SiloTransport
    let time: any TimeSource
    let logger: Logger
    let cluster: String
    let incarnation: String
    /// What the silo says of itself when it joins.
    let candidate: MemberCandidate
    let hashKey: HashKey
    let mode: ClusterMode
    /// The calls that this silo sent, and their order.
    let calls: RemoteCalls
    /// Where calls go, as of now; written under the lock of the state only.
    private let table = Mutex<RouteTable?>(nil)
    /// The hosted types, each with what hashes its keys.
    private let types: [String: HostedType]
    /// The calls that came from other silos.
    let arrivals = Arrivals()
    /// Those that need no task of their own.
    let quickLine: QuickLine
    /// What it does for clients.
    let clients: ClientDesk
    /// Whether Swift's pool still runs anything.
    let pulse: PoolPulse
    /// The states that came with grains.
    let warmth = WarmStates()
    /// Where the protocol's time, its statements and its dials run: user code may block every thread of Swift's pool, and a
    /// silo that is merely busy must go on renewing its lease and looking at the others.
    let thread = ThreadExecutor(named: "granary-cluster")
    /// Statements and dials under way; awaited by ``finished()``.
    let errands = SiloTasks()
    let lease: ServingLease
    /// How long a silo that leaves waits for the others to acknowledge what it handed over.
    ///
    /// As long as for the answer to a probe: after that they are slow, and load the states themselves.
    private let handoverPatience: Duration
    let state: Mutex<State>
    /// The silo; weak, for it owns this object.
    private let owner = Mutex<WeakSilo>(WeakSilo())

    private struct WeakSilo {
        weak var runtime: SiloRuntime?
    }

    init(
        store: any MembershipStore, transport: any SiloTransport, candidate: MemberCandidate,
        settings: ClusterSettings, runtime: SiloRuntime
    ) {
        self.store = store
        self.transport = transport
        time = runtime.time
        logger = runtime._logger
        cluster = settings.cluster
        incarnation = candidate.incarnation
        self.candidate = candidate
        hashKey = settings.hashKey
        mode = settings.mode
        let hosts = runtime.hosts.all.compactMap { $0 as? any CallReceiving }
        types = Dictionary(
            hosts.map { ($0.name, HostedType(host: $0, hasher: GrainHasher(type: $0.name, key: settings.hashKey))) },
            uniquingKeysWith: { first, _ in first })
        lease = runtime._lease
        pulse = PoolPulse(logger: runtime._logger)
        calls = RemoteCalls(lease: lease)
        quickLine = QuickLine(tasks: runtime._states.tasks)
        clients = ClientDesk(limit: runtime.configuration.clientCallLimit, logger: runtime._logger)
        var times = MembershipSettings(mode: settings.mode)
        times.lease = .milliseconds(Int64(candidate.leaseMilliseconds))
        times.renewalInterval = times.lease / 4
        handoverPatience = times.probeTimeout
        let words = ClusterCandidate(
            incarnation: candidate.incarnation, name: candidate.name, address: candidate.address,
            weight: candidate.weight, types: candidate.types, leaseMilliseconds: candidate.leaseMilliseconds,
            versions: ClusterTypeVersion.all(candidate.versions))
        state = Mutex(State(membership: MembershipMachine(candidate: words, settings: times)))
        owner.withLock { $0.runtime = runtime }
    }

    /// The silo, for as long as it is there.
    var runtime: SiloRuntime? { owner.withLock { $0.runtime } }

    // MARK: Events

    /// Starts to join; the phases follow by themselves.
    ///
    /// - Throws: `GrainError` when the system gives no thread.
    func start() throws {
        lease.set(left: nil, isExact: false)
        // In the strict mode no call goes straight to its activation: its answer asks for the lease, too.
        if mode == .strict { lease.addDetours(1) }
        try thread.start(every: .milliseconds(10)) { [weak self] in
            self?.tick()
            return self != nil
        }
        membership { $0.start(now: $1) }
        watch()
    }

    /// Time went on.
    func tick() {
        quickLine.watch()
        arrivals.tidy()
        let now = time.now
        let late = state.withLock { state in
            let isWaiting = state.ownership?.isWaiting ?? false
            append(state.membership.tick(now: now, isWaiting: isWaiting), to: &state)
            if pulse.isLost(atTick: state.membership.phase.isOver) {
                append(state.membership.graceEnded(now: now), to: &state)
            }
            refreshServing(&state, now)
            if let actions = state.ownership?.tick() { append(actions, to: &state) }
            return state.leavers.filter { $0.value < now }.keys
        }
        work()
        for peer in late { drop(peer, "it left") }
        sweepIfDue(now)
    }

    /// Announces that the silo leaves: it lets everything go, and takes nothing new.
    func leave() { membership { $0.leave(now: $1) } }

    private func drop(_ peer: PeerIdentity, _ reason: String) {
        state.withLock { $0.leavers[peer] = .seconds(Int64.max / 2) }
        transport.drop(peer, reason: reason)
    }

    /// Nothing is held any more, as the silo sees it.
    ///
    /// What a member says that ended is ignored, and the news of the end takes another way than the states that were handed
    /// over: it waits until these have come.
    func noteDrained(_ isEmpty: Bool) {
        let now = time.now
        state.withLock { state in
            let isSettled = isEmpty && arrivals.isEmpty && (state.ownership?.isSettled ?? true)
            state.emptySince = isSettled ? state.emptySince ?? now : nil
            let isHandedOver = state.work.isEmpty && !state.isWorking && transport.isAcknowledged
            let isOver = state.emptySince.map { isHandedOver || now - $0 >= handoverPatience } ?? false
            append(state.membership.setDrained(isOver, now: now), to: &state)
        }
        work()
    }

    /// The time to leave is over.
    func graceEnded() { membership { $0.graceEnded(now: $1) } }

    /// An activation is gone.
    ///
    /// - Parameters:
    ///   - type: The grain's type.
    ///   - key: The grain's key.
    ///   - records: Its states by name, where they are as they are stored: the next owner need not load them.
    func ended(type: String, key: String, records: [String: StateRecord]?) {
        let grain = grain(type, key)
        guard state.withLock({ $0.ownership?.isForeign(grain) ?? false }) else { return }
        if let records { warmth.offer(records, of: grain) }
        if arrivals.hasUnanswered(grain) { start { [self] in await release(grain) } } else { letGone(grain) }
    }

    /// Tells the next owner that a grain is free, once every call that came for it before is answered: so the callers'
    /// silos know what was turned away before anything can start there.
    func release(_ grain: ClusterGrain) async {
        await arrivals.answered(grain)
        letGone(grain)
    }

    private func letGone(_ grain: ClusterGrain) {
        let states = warmth.takeOffer(of: grain)
        // It may be this silo's again by now.
        if runtime?.hosts.host(named: grain.type)?.holds(key: grain.key) == true { return }
        ownership { $0.letGo(grain, handover: states.map { ($0, dirty: false) }) }
    }

    /// The states that came with a grain, for the activation that is made in a view.
    func takeWarmth(of id: GrainID, in view: Int64) -> [String: StateRecord]? {
        warmth.take(grain(id.type, id.key), in: view)
    }

    /// A view of at least this number is spoken of by a peer.
    func learn(_ view: Int64, from silo: Int32) {
        membership { $0.learnView(atLeast: view, from: silo, now: $1) }
    }

    func membership(_ event: (inout MembershipMachine, Duration) -> [MembershipAction]) {
        let now = time.now
        state.withLock { state in
            append(event(&state.membership, now), to: &state)
            refreshServing(&state, now)
        }
        work()
    }

    func ownership(_ event: (inout OwnershipMachine) -> [OwnershipAction]) {
        state.withLock { state in
            guard var machine = state.ownership else { return }
            state.ownership = nil
            let actions = event(&machine)
            state.ownership = machine
            append(actions, to: &state)
        }
        work()
    }

    /// Nothing comes any more: ends every wait.
    func close() {
        thread.stop()
        state.withLock { state in state.watch.take() }?.cancel()
        let (parked, waiting, view) = state.withLock { state in
            defer {
                state.parked = [:]
                state.awaiting = []
                state.servingWatchers = []
            }
            return (
                state.parked.values.flatMap { $0 }, state.awaiting.map(\.rendezvous) + state.servingWatchers,
                state.ownership?.installed ?? 0
            )
        }
        for rendezvous in parked { rendezvous.finish(.moved(view: view)) }
        for rendezvous in waiting { rendezvous.finish(()) }
        calls.close()
    }

    // MARK: State

    /// The membership's phase.
    var phase: MembershipPhase { state.withLock { $0.membership.phase } }

    /// Whether the membership is over, and those who want to know were told: what the machine decides is carried out a
    /// moment later.
    var isOver: Bool { state.withLock(\.isOver) }

    /// The silo's number; 0 before it has one.
    var silo: Int32 { state.withLock { $0.membership.silo ?? 0 } }

    /// The number of the view that calls are routed by.
    var installed: Int64 { routes?.view ?? 0 }

    /// Where calls go.
    var routes: RouteTable? { table.withLock { $0 } }

    /// Routes calls by what the state holds now: the installed view, or the members, changed.
    func publishRoutes(_ state: inout State) {
        let routes = RouteTable(
            rings: state.rings, own: state.membership.silo, members: state.members.values,
            after: table.withLock { $0 }, transport: transport)
        table.withLock { $0 = routes }
    }

    /// A type that this silo hosts; `nil` for others.
    func hosted(_ type: String) -> HostedType? { types[type] }

    /// Whether the silo may serve.
    var isServing: Bool { lease.isOpen }

    func grain(_ type: String, _ key: String) -> ClusterGrain {
        ClusterGrain(type: type, key: key, hash: GrainHasher(type: type, key: hashKey).hash(key))
    }

    func append(_ actions: [MembershipAction], to state: inout State) {
        // Before anybody hears of the end, and closes what the statement needs.
        for case .store(.proveEnd, _) in actions { state.isProving = true }
        state.work += actions.map { .membership($0) }
    }

    func append(_ actions: [OwnershipAction], to state: inout State) {
        state.work += actions.map { .ownership($0) }
    }

    private func refreshServing(_ state: inout State, _ now: Duration) {
        let end = state.membership.servingEnd(at: now)
        lease.set(left: end.map { $0 - now }, isExact: mode == .strict)
        if let actions = state.ownership?.setServing(end != nil) { append(actions, to: &state) }
        guard end != nil || state.membership.phase.isOver, !state.servingWatchers.isEmpty else { return }
        for watcher in state.servingWatchers { watcher.finish(()) }
        state.servingWatchers = []
    }

    // MARK: Work

    /// Carries out what is on the line, unless somebody else does.
    func work() {
        while true {
            let next: ClusterWork? = state.withLock { state in
                guard !state.isWorking, !state.work.isEmpty else { return nil }
                state.isWorking = true
                return state.work.removeFirst()
            }
            guard let next else { return }
            switch next {
            case .membership(let action): carryOut(action)
            case .ownership(let action): carryOut(action)
            }
            state.withLock { $0.isWorking = false }
        }
    }
}
