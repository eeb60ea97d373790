internal import GranaryCluster
internal import GranaryCore
internal import Logging
internal import NIOCore
internal import Synchronization

// What the membership machine decides.
extension ClusterDriver {
    func carryOut(_ action: MembershipAction) {
        switch action {
        case .store(let request, let tag): send(request, tag)
        case .send(let message, let silo):
            guard let peer = identity(of: silo), let buffer = encode(message) else { return }
            _ = transport.sendControl(buffer, to: peer)
        case .dial(let silo): dial(silo)
        case .install(let view): install(view)
        case .read(let view): ownership { $0.read(view) }
        case .bury(let silo): ownership { $0.bury(silo) }
        case .joined(let silo): joined(silo)
        case .entered(let phase): entered(phase)
        }
    }

    /// Has the database tell of new views.
    func watch() {
        // The silo may be gone while a hint is on its way; the provider's thread is not the place for what follows from it.
        let watch = store.watch { [weak self] view in self?.hinted(at: view) }
        state.withLock { $0.watch = watch }
    }

    private func hinted(at view: Int64) {
        runErrand { [self] in membership { $0.hinted(at: view, now: $1) } }
    }

    private func send(_ request: StoreRequest, _ tag: UInt64) {
        let released = state.withLock { $0.ownership?.released ?? 0 }
        runErrand { [self] in
            let answer: StoreAnswer
            do {
                answer = try await run(request, released: released)
            } catch {
                logger.debug("a membership statement failed", metadata: ["error": "\(error)"])
                answer = .failed(lockTimeout: false)
            }
            if case .proveEnd = request { proofIsOver() }
            membership { $0.answered(tag, answer, now: $1) }
        }
    }

    private func run(_ request: StoreRequest, released: Int64) async throws -> StoreAnswer {
        switch request {
        case .readView(let known):
            let (view, token) = try await store.read(known: known)
            return .view(ClusterView(view), tokenOfKnown: token)
        case .join(let view, let supersedes):
            let joined = try await store.join(candidate, view: view, superseding: supersedes)
            return .joined(joined.map { ClusterJoin(silo: $0.silo, view: $0.view) })
        case .advance(let silo, let status, let view):
            return .changed(try await store.advance(silo, to: status.memberStatus, view: view))
        case .renew(let silo):
            let renewal = try await store.renew(silo, released: released)
            return .renewed(
                ClusterRenewal(
                    view: renewal.view, token: renewal.token, status: renewal.status.map(ClusterMemberStatus.init)))
        case .declareDead(let silos, let view, let reason):
            logger.warning("declaring silos dead", metadata: ["silos": "\(silos)", "reason": "\(reason)"])
            return .changed(try await store.declareDead(silos, view: view, reason: reason, proven: false))
        case .proveEnd(let silo):
            return .changed(try await store.proveEnd(silo))
        case .breakFence:
            // Saves hold the fence for one statement only, which the server itself ends.
            return .fenceBroken
        }
    }

    private func dial(_ silo: Int32) {
        guard let member = state.withLock({ $0.members[silo] }) else { return }
        runErrand { [self] in
            let outcome: GranaryCluster.DialOutcome =
                switch await transport.dial(member.address, within: .milliseconds(500)) {
                case .refused: .refused
                case .accepted(let peer): peer.incarnation == member.incarnation ? .connected : .newerIncarnation
                case .timeout, .failed, .unwelcome: .failed
                }
            membership { $0.dialed(silo, outcome, now: $1) }
        }
    }

    private func install(_ view: ClusterView) {
        let own = state.withLock { state in
            state.members = Dictionary(uniqueKeysWithValues: view.members.map { ($0.silo, $0) })
            publishRoutes(&state)
            return state.membership.silo
        }
        for member in view.members where member.silo != own {
            let peer = PeerIdentity(silo: member.silo, incarnation: member.incarnation)
            guard member.status.isLive else { continue }
            do {
                _ = try transport.link(to: peer, at: member.address)
            } catch {
                logger.error(
                    "a silo of this cluster cannot be reached; one without an endpoint has to stop before others join",
                    metadata: ["peer": "\(member.name)", "address": "\(member.address)", "error": "\(error)"])
            }
        }
        dropEnded()
        runtime?.news.take(view)
        ownership { $0.install(view) }
        clients.announce(view, hashKey: hashKey)
    }

    /// Ends the sessions with members that are dead.
    ///
    /// One that left answered all calls before, and ends its sessions itself when the answers have arrived.
    func dropEnded() {
        let now = time.now
        let dead = state.withLock { state in
            var dead: [ClusterMember] = []
            for member in state.members.values where !member.status.isLive && member.silo != state.membership.silo {
                let peer = PeerIdentity(silo: member.silo, incarnation: member.incarnation)
                if member.status == .dead {
                    dead.append(member)
                } else if state.leavers[peer] == nil {
                    state.leavers[peer] = now + .seconds(3)
                }
            }
            return dead
        }
        for member in dead {
            let peer = PeerIdentity(silo: member.silo, incarnation: member.incarnation)
            transport.drop(peer, reason: "it ended in view \(member.ended ?? 0)")
        }
    }

    private func joined(_ silo: Int32) {
        transport.identify(
            TransportIdentity(cluster: cluster, own: PeerIdentity(silo: silo, incarnation: incarnation)))
        state.withLock { state in
            state.ownership = OwnershipMachine(
                silo: silo, settings: OwnershipSettings(mode: mode, hashKey: hashKey))
            publishRoutes(&state)
        }
        runtime?.joined(silo)
    }

    private func entered(_ phase: MembershipPhase) {
        logger.debug("membership", metadata: ["phase": "\(phase)"])
        let watchers = state.withLock { state in
            defer {
                state.phaseWatchers = []
                // A silo that has ended installs no view any more.
                if phase.isOver { state.awaiting = [] }
            }
            return state.phaseWatchers + (phase.isOver ? state.awaiting.map(\.rendezvous) : [])
        }
        for watcher in watchers { watcher.finish(()) }
        switch phase {
        case .left: tellOwnEnd(.left)
        case .fenced(let reason):
            tellOwnEnd(.dead)
            runtime?.fenced(reason)
        case .leaving: runtime?.leaving()
        default: break
        }
        if phase.isOver { state.withLock { $0.isOver = true } }
    }

    /// A silo installs no view that lacks itself, so this is the last thing that it learns.
    private func tellOwnEnd(_ status: MemberStatus) {
        let (silo, view) = state.withLock { ($0.membership.silo, $0.membership.view?.number ?? 0) }
        guard let silo else { return }
        runtime?.news.take(MembershipEvent(name: candidate.name, silo: silo, status: status, view: view))
    }

    /// Waits until the membership has reached a phase that satisfies a condition.
    func reaches(_ condition: (MembershipPhase) -> Bool) async {
        while true {
            let watcher: Rendezvous<Void>? = state.withLock { state in
                if condition(state.membership.phase) { return nil }
                let watcher = Rendezvous<Void>()
                state.phaseWatchers.append(watcher)
                return watcher
            }
            guard let watcher else { return }
            await watcher.value()
        }
    }

    func identity(of silo: Int32) -> PeerIdentity? {
        state.withLock { $0.members[silo] }.map { PeerIdentity(silo: $0.silo, incarnation: $0.incarnation) }
    }

    func encode(_ message: ClusterMessage) -> ByteBuffer? {
        var buffer = ByteBuffer()
        do {
            try CBOREncoder().encode(message, into: &buffer)
            return buffer
        } catch {
            logger.error("a cluster message cannot be encoded", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// Starts something that takes time and that no load may delay, on the driver's thread.
    func runErrand(_ errand: @escaping @Sendable () async -> Void) {
        errands.began()
        // Awaited by `finished()`.
        Task(executorPreference: thread) { [errands] in
            await errand()
            errands.ended()
        }
    }

    /// Waits until no statement and no dial is under way.
    func finished() async {
        let finished = Rendezvous<Void>()
        errands.finished(finished)
        await finished.value()
    }

    /// Starts something with grains that takes time, in the silo's name.
    func start(_ operation: @escaping @Sendable () async -> Void) {
        runtime?._states.tasks.startApart(operation)
    }
}
