internal import GranaryCluster
internal import GranaryCore
internal import Logging
internal import Synchronization

// The silos that tell the client of the cluster.
extension ClientDriver {
    /// How often the gateways are looked after.
    private static var interval: Duration { .milliseconds(50) }
    /// How often a gateway is asked whether there is news, which shows as well that it is there.
    private static var questionInterval: Duration { .seconds(1) }
    /// How long it may take to answer before another one takes its place.
    private static var patience: Duration { .seconds(3) }
    /// How long a silo that did not answer is passed over.
    private static var distrust: Duration { .seconds(10) }
    /// How long the client is without a gateway before it looks for silos as at its start.
    private static var respite: Duration { .milliseconds(500) }
    /// How long an address is given to answer.
    private static var dialTimeout: Duration { .seconds(1) }
    /// How many addresses are tried at once.
    private static var dialsAtOnce: Int { 4 }

    /// Looks after the gateways until the task is cancelled.
    func keep() async {
        var lostSince: Duration? = time.now - Self.respite
        var attempts = 0
        var next = time.now
        while !Task.isCancelled {
            tend()
            if isConnected {
                lostSince = nil
                attempts = 0
            } else {
                if lostSince == nil { logger.warning("no silo tells this client of the cluster any more") }
                let since = lostSince ?? time.now
                lostSince = since
                if time.now - since >= Self.respite, time.now >= next {
                    let isFound = await search()
                    attempts += 1
                    next = time.now + (isFound ? Self.dialTimeout : pause(after: attempts))
                }
            }
            do { try await time.sleep(for: Self.interval) } catch { return }
        }
    }

    /// The wait before the next attempt: longer and longer up to 2 s, and at random, so that many clients do not come at
    /// once.
    private func pause(after attempts: Int) -> Duration {
        let longest = min(Int64(100) << Int64(min(attempts, 5)), 2_000)
        return .milliseconds(longest / 2 + Int64(random.next() % UInt64(longest / 2 + 1)))
    }

    /// Gives up gateways that are over or do not answer, chooses others, and asks for news.
    func tend() {
        let now = time.now
        let (late, ended, chosen, due, transport) = state.withLock { state in
            let late = state.leavers.filter { $0.value <= now }.map(\.key)
            for peer in late { state.leavers[peer] = nil }
            let ended = dismiss(&state, now)
            let chosen = choose(&state)
            let due = state.gateways.filter { entry in
                entry.value.asked == nil && (entry.value.heard.map { now - $0 >= Self.questionInterval } ?? true)
            }.map(\.key)
            return (late, ended, chosen, due, state.transport)
        }
        for peer in late { transport?.drop(peer, reason: "it left") }
        for link in ended { _ = send(ClientMessage(known: .max, watch: false), on: link) }
        for member in chosen { begin(member.peer, at: member.address) }
        for peer in due { ask(peer) }
    }

    private func dismiss(_ state: inout State, _ now: Duration) -> [any TransportLink] {
        state.silent = state.silent.filter { now - $0.value < Self.distrust }
        var ended: [any TransportLink] = []
        for (peer, gateway) in state.gateways {
            let isSilent = gateway.asked.map { now - $0 > Self.patience } ?? false
            let status = state.members[peer.silo].flatMap { $0.incarnation == peer.incarnation ? $0.status : nil }
            let isStaying = status == .active || status == .joining
            guard state.gone.contains(peer) || isSilent || gateway.heard != nil && !isStaying else { continue }
            if isSilent { state.silent[peer] = now }
            state.gateways[peer] = nil
            ended.append(gateway.link)
        }
        refresh(&state)
        return ended
    }

    /// Chooses members at random, so that many clients spread over the cluster.
    private func choose(_ state: inout State) -> [ClusterMember] {
        let missing = max(configuration.gatewayCount, 1) - state.gateways.count
        guard missing > 0 else { return [] }
        var candidates = state.members.values.filter { member in
            member.status == .active && state.gateways[member.peer] == nil && !state.gone.contains(member.peer)
                && (state.silent[member.peer] == nil || state.gateways.isEmpty)
        }.sorted { $0.silo < $1.silo }
        var chosen: [ClusterMember] = []
        while chosen.count < missing, !candidates.isEmpty {
            chosen.append(candidates.remove(at: Int(random.next() % UInt64(candidates.count))))
        }
        return chosen
    }

    private func begin(_ peer: PeerIdentity, at address: String) {
        guard let transport = state.withLock(\.transport) else { return }
        do {
            let link = try transport.link(to: peer, at: address)
            state.withLock { state in
                if state.gateways[peer] == nil { state.gateways[peer] = Gateway(link: link) }
            }
            ask(peer)
        } catch {
            logger.warning(
                "a silo cannot be reached", metadata: ["peer": "\(peer)", "address": "\(address)", "error": "\(error)"])
        }
    }

    private func ask(_ peer: PeerIdentity) {
        let now = time.now
        let question: (link: any TransportLink, known: Int64)? = state.withLock { state in
            guard let gateway = state.gateways[peer], gateway.asked == nil else { return nil }
            state.gateways[peer]?.asked = now
            // A silo of a cluster that began anew knows of older numbers only.
            return (gateway.link, state.told.isEmpty ? 0 : state.rings?.snapshot.view ?? 0)
        }
        guard let question else { return }
        guard send(ClientMessage(known: question.known, watch: true), on: question.link) == .closed else { return }
        state.withLock { state in
            if state.gateways[peer]?.link === question.link { state.gateways[peer] = nil }
            refresh(&state)
        }
    }

    /// Tries a few of the addresses that are known from outside, and makes whoever answers first a gateway.
    ///
    /// - Returns: Whether somebody answered.
    private func search() async -> Bool {
        guard let transport = state.withLock(\.transport) else { return false }
        var addresses: [String]
        do {
            addresses = try await sources.addresses(BackendContext(logger: logger, time: time, random: random))
        } catch {
            fail(error as? StorageError)
            note("the list of silos cannot be read: \(error)")
            return false
        }
        guard !addresses.isEmpty else {
            note("the database lists no silo that lives")
            return false
        }
        var outcomes: [(address: String, outcome: GranaryCore.DialOutcome)] = []
        while !addresses.isEmpty, !Task.isCancelled {
            var tried: [String] = []
            while tried.count < Self.dialsAtOnce, !addresses.isEmpty {
                tried.append(addresses.remove(at: Int(random.next() % UInt64(addresses.count))))
            }
            let answers = await dial(tried, over: transport)
            outcomes += answers
            for (address, outcome) in answers {
                guard case .accepted(let peer) = outcome, !peer.isClient else { continue }
                begin(peer, at: address)
                return true
            }
        }
        note(outcomes.map { "\($0.address): \(Self.words($0.outcome))" }.sorted().joined(separator: "; "))
        if outcomes.allSatisfy({ Self.isFinal($0.outcome) }), let first = outcomes.first {
            fail(GrainError(.configuration, "The silo at \(first.address) refused: \(Self.words(first.outcome))."))
        }
        return false
    }

    private func dial(
        _ addresses: [String], over transport: any SiloTransport
    ) async -> [(address: String, outcome: GranaryCore.DialOutcome)] {
        await withTaskGroup { group in
            for address in addresses {
                group.addTask { (address, await transport.dial(address, within: Self.dialTimeout)) }
            }
            var answers: [(address: String, outcome: GranaryCore.DialOutcome)] = []
            for await answer in group { answers.append(answer) }
            return answers
        }
    }

    private func note(_ trouble: String) {
        state.withLock { $0.trouble = trouble }
        logger.debug("no silo was found", metadata: ["reason": "\(trouble)"])
    }

    /// Ends the wait for the first connection where trying again cannot help.
    private func fail(_ error: StorageError?) {
        guard let error, [.schema, .configuration, .cluster].contains(error.code) else { return }
        state.withLock { $0.whenConnected.take() }?.finish(.failure(error))
    }

    private func fail(_ error: GrainError) {
        state.withLock { $0.whenConnected.take() }?.finish(.failure(error))
    }

    /// Whether trying again cannot help.
    private static func isFinal(_ outcome: GranaryCore.DialOutcome) -> Bool {
        if case .unwelcome(let code, _) = outcome { return code == .cluster || code == .version }
        return false
    }

    private static func words(_ outcome: GranaryCore.DialOutcome) -> String {
        switch outcome {
        case .accepted(let peer): "\(peer) is there"
        case .refused: "nobody listens there"
        case .unwelcome(_, let reason): reason
        case .failed(let reason): reason
        case .timeout: "no answer within \(dialTimeout)"
        }
    }
}
