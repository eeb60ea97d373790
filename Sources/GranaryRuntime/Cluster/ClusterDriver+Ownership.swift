internal import GranaryCluster
internal import GranaryCore
internal import NIOCore
internal import Synchronization

// What the ownership machine decides.
extension ClusterDriver {
    func carryOut(_ action: OwnershipAction) {
        switch action {
        case .survey(let snapshot): survey(snapshot)
        case .send(let message, let silo): tell(message, silo)
        case .learnView(let view, let silo): learn(view, from: silo)
        case .activate(let grain, let view, let handover):
            if let handover { warmth.keep(handover, for: view) }
            resume(grain, .granted(view: view))
        case .bounce(let grain, let view): resume(grain, .moved(view: view))
        case .letGo(let grain): letGo(grain)
        case .reopen, .adopt, .settled: break
        }
    }

    /// Sends a message on the session with another silo.
    func tell(_ message: ClusterMessage, _ silo: Int32) {
        // A silo that ended has nothing to say any more, and begins no session to say it.
        let member = state.withLock { $0.membership.phase.isOver ? nil : $0.members[silo] }
        guard let member, let buffer = encode(message) else { return }
        let peer = PeerIdentity(silo: silo, incarnation: member.incarnation)
        _ = try? transport.link(to: peer, at: member.address).send(message: buffer)
    }

    private func survey(_ snapshot: OwnershipSnapshot) {
        guard let runtime else { return }
        let hosts = runtime.hosts.all
        let rings = RingCache(snapshot, hashKey: hashKey)
        // Who was permitted in the older view is permitted once more in this one.
        warmth.advance(to: snapshot.view) { rings.owner(of: $0) == snapshot.silo }
        // From here on no shard makes an activation that was permitted in an older view.
        for host in hosts { host.install(snapshot.view) }
        let ready = state.withLock { state in
            state.rings = rings
            publishRoutes(&state)
            let ready = state.awaiting.filter { $0.view <= snapshot.view }.map(\.rendezvous)
            state.awaiting.removeAll { $0.view <= snapshot.view }
            return ready
        }
        for rendezvous in ready { rendezvous.finish(()) }
        // A call that was routed by the older view may have begun a new session with a member that had just ended.
        dropEnded()
        start { [self] in
            for host in hosts {
                let type = rings.ring(of: host.name)
                var grains: [ClusterGrain] = []
                await host.visitKeys { key in
                    let hash = type.hasher.hash(key)
                    guard type.ring.owner(of: hash) != snapshot.silo else { return }
                    grains.append(ClusterGrain(type: host.name, key: key, hash: hash))
                }
                if grains.isEmpty { continue }
                ownership { machine in
                    machine.foreign(grains, in: snapshot.view)
                    return []
                }
            }
            ownership { $0.surveyed(snapshot.view) }
        }
    }

    private func letGo(_ grain: ClusterGrain) {
        start { [self] in
            await runtime?.hosts.host(named: grain.type)?.end(key: grain.key, .moved)
            await release(grain)
        }
    }

    private func resume(_ grain: ClusterGrain, _ permit: ClusterPermit) {
        let waiting = state.withLock { $0.parked.removeValue(forKey: grain) ?? [] }
        for rendezvous in waiting { rendezvous.finish(permit) }
    }

    /// Waits for the right to activate a grain here (rule O4).
    ///
    /// - Returns: The view in which the silo may, to be compared with the shard's.
    /// - Throws: ``GrainMoved`` when it lives elsewhere; `GrainError` when the time is over.
    func permit(type: String, key: String, deadline: UInt32, runtime: SiloRuntime) async throws -> Int64 {
        let grain = grain(type, key)
        let now = time.now
        let rendezvous = Rendezvous<ClusterPermit>()
        let early: ClusterPermit? = state.withLock { state in
            guard var machine = state.ownership else { return .moved(view: 0) }
            state.ownership = nil
            append(machine.setServing(state.membership.isServing(at: now)), to: &state)
            let (verdict, actions) = machine.want(grain)
            state.ownership = machine
            append(actions, to: &state)
            switch verdict {
            case .activate(let view, let handover):
                if let handover { warmth.keep(handover, for: view) }
                return .granted(view: view)
            case .moved(_, let view): return .moved(view: view)
            case .park:
                state.parked[grain, default: []].append(rendezvous)
                return nil
            }
        }
        work()
        let permit: ClusterPermit
        if let early {
            permit = early
        } else {
            runtime._states.deadlines.add(deadline, rendezvous, .expired)
            permit = await withTaskCancellationHandler {
                await rendezvous.value()
            } onCancel: {
                rendezvous.finish(.cancelled)
            }
        }
        switch permit {
        case .granted(let view): return view
        case .moved(let view): throw GrainMoved(view: view)
        case .cancelled:
            forget(grain)
            throw CancellationError()
        case .expired:
            forget(grain)
            throw GrainError(
                .timeout,
                "\(type)/\(key) could not be activated in time: another silo has not let it go yet, or this silo may not "
                    + "serve. The call did not start.", grain: GrainID(type: type, key: key))
        }
    }

    /// Drops waits that are over; without any the machine need not keep the grain parked.
    private func forget(_ grain: ClusterGrain) {
        state.withLock { state in
            state.parked[grain]?.removeAll { $0.isFinished }
            if state.parked[grain]?.isEmpty == true {
                state.parked[grain] = nil
                state.ownership?.unpark(grain)
            }
        }
    }

    /// The name of the silo that owns a grain.
    func owner(type: String, key: String) -> String? {
        guard let owner = state.withLock(\.rings)?.owner(of: grain(type, key)) else { return nil }
        return state.withLock { $0.members[owner]?.name }
    }

    /// Where a call has to go.
    func route(_ grain: ClusterGrain) throws -> ClusterRoute { try routes?.route(grain) ?? .nobody(view: 0) }

    /// Waits until the silo may serve, or its membership or the time is over.
    func serves(by deadline: UInt32, runtime: SiloRuntime) async {
        let rendezvous: Rendezvous<Void>? = state.withLock { state in
            if lease.isOpen || state.membership.phase.isOver { return nil }
            let rendezvous = Rendezvous<Void>()
            state.servingWatchers.append(rendezvous)
            return rendezvous
        }
        guard let rendezvous else { return await Task.yield() }
        await wait(for: rendezvous, deadline: deadline, runtime: runtime)
    }

    /// Waits until the newest view that is known is installed, or the time is over.
    func installsNewest(deadline: UInt32, runtime: SiloRuntime) async {
        await installs(state.withLock { $0.membership.view?.number ?? 0 }, deadline: deadline, runtime: runtime)
    }

    /// Waits until a view is installed, or the membership or the time is over.
    func installs(_ view: Int64, deadline: UInt32, runtime: SiloRuntime) async {
        let rendezvous: Rendezvous<Void>? = state.withLock { state in
            if state.rings?.snapshot.view ?? 0 >= view || state.membership.phase.isOver { return nil }
            let rendezvous = Rendezvous<Void>()
            state.awaiting.append((view, rendezvous))
            return rendezvous
        }
        guard let rendezvous else { return }
        await wait(for: rendezvous, deadline: deadline, runtime: runtime)
    }
}

extension ClusterDriver {
    /// Whether some live member hosts a type.
    func knowsHost(of type: String) -> Bool {
        state.withLock { state in state.members.values.contains { $0.status.isLive && $0.types.contains(type) } }
    }
}
