internal import GranaryCluster
internal import GranaryCore
internal import Synchronization

// Circles of calls that wait for each other (rule C7 of the cluster protocol).
extension SiloRuntime {
    /// Asks whether calls that have waited for a while can ever go on.
    ///
    /// The call that closes a circle is looked at after all others of the circle have begun to wait, so one look at each
    /// call is enough while no message is lost, and one search serves all calls that wait at one grain.
    ///
    /// - Parameters:
    ///   - suspects: The grains that they wait at.
    ///   - waiters: All calls that wait.
    func seekDeadlocks(at suspects: some Sequence<any Grain>, among waiters: [TurnWaiter]) {
        let search = DeadlockSearch(waiters, cluster?.calls.awaited ?? [], in: _waits)
        lastSearch.withLock { $0 = (search, clock.now) }
        for grain in suspects {
            _states.tasks.start { [self] in
                let exits = await search.follow(from: grain)
                guard !exits.isEmpty, let cluster else { return }
                pass(WaitProbe(silo: cluster.silo, activation: number(of: grain)), on: exits, cluster)
            }
        }
    }

    /// Goes on with another silo's question.
    ///
    /// - Parameters:
    ///   - probe: The question.
    ///   - call: The call whose turn here it is about.
    ///   - cluster: The silo's part in the cluster.
    func follow(_ probe: WaitProbe, to call: ArrivedChain.Call, _ cluster: ClusterDriver) async {
        // A call that is answered, or does not run yet, waits for nobody here.
        guard let task = _waits.task(of: call) else { return }
        let silo = cluster.silo
        let search = recentSearch(cluster)
        let findings = await search.follow([_waits.root(of: task)]) { waiter in
            probe.isHome(silo, activation: number(of: waiter.grain))
        }
        if let circle = findings.circle {
            if let circle = WaitCircle(probe.steps + steps(circle, silo)) { check(circle, cluster) }
        } else {
            pass(
                probe,
                on: findings.exits.filter { exit in !exit.way.contains { probe.hasPassed(silo, $0.number) } },
                cluster)
        }
    }

    /// Looks whether this silo's part of a circle is still there, and breaks the circle or sends it on.
    func check(_ circle: WaitCircle, _ cluster: ClusterDriver) {
        let silo = cluster.silo
        guard circle.visits.first == silo else {
            if let first = circle.visits.first { cluster.tell(.waitCircle(circle), first) }
            return
        }
        var circle = circle
        circle.visits.removeFirst()
        for step in circle.steps(of: silo) {
            switch step {
            case .gate(_, let number, _, _, _): guard _waits.waiter(number) != nil else { return }
            case .call(_, let number): guard cluster.calls.awaited(number) != nil else { return }
            }
        }
        if circle.isFirstVisit {
            guard _waits.waiter(circle.referee.number)?.claimBreak(at: clock.now) == true else { return }
            circle.isFirstVisit = false
        }
        if let next = circle.visits.first { return cluster.tell(.waitCircle(circle), next) }
        let path = circle.path.map { GrainID(type: $0.type, key: $0.key) }
        _waits.waiter(circle.victim.number)?.finish(.deadlock(path))
    }

    /// Tells one activation from another, of one key, too; good for as long as a turn holds it.
    private func number(of grain: any Grain) -> UInt64 { UInt64(UInt(bitPattern: ObjectIdentifier(grain))) }

    private func pass(
        _ probe: WaitProbe, on exits: [(way: DeadlockSearch.Way, call: AwaitedCall)], _ cluster: ClusterDriver
    ) {
        let silo = cluster.silo
        for exit in exits {
            let steps = steps(exit.way, silo) + [.call(silo: silo, number: exit.call.number)]
            guard let next = probe.going(steps, oneOf: exits.count),
                let message = cluster.encode(.waitProbe(next, call: exit.call.number))
            else { continue }
            // Behind the call itself, on its own session.
            _ = exit.call.session.send(message: message)
        }
    }

    private func steps(_ way: DeadlockSearch.Way, _ silo: Int32) -> [WaitStep] {
        way.map { waiter in
            let id = waiter.grain._id
            return .gate(
                silo: silo, number: waiter.number, type: id.type, key: id.key,
                milliseconds: Int64(clock.now &- waiter.began) * Duration.tickMilliseconds)
        }
    }

    /// What waits here now, or did a moment ago: many questions may come at once, and what began to wait later asks itself.
    private func recentSearch(_ cluster: ClusterDriver) -> DeadlockSearch {
        let now = clock.now
        if let last = lastSearch.withLock(\.self), last.tick == now { return last.search }
        let search = DeadlockSearch(_waits.current(), cluster.calls.awaited, in: _waits)
        lastSearch.withLock { $0 = (search, now) }
        return search
    }
}
