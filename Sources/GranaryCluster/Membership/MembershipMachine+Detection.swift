extension MembershipMachine {
    /// Time went on.
    ///
    /// To be called every 10 ms or so, by a thread of its own.
    ///
    /// - Parameters:
    ///   - now: The own clock.
    ///   - isWaiting: Whether grains wait for other members (``OwnershipMachine/isWaiting``): then releases are read.
    /// - Returns: What to do.
    package mutating func tick(now: Duration, isWaiting: Bool) -> [MembershipAction] {
        if phase.isOver { return [] }
        var actions: [MembershipAction] = []
        // What was missed while this member itself stood still counts for nothing.
        if let last = lastTick, now - last > settings.lateTick { forgive(now) }
        lastTick = now
        for (member, time) in burials.sorted(by: { $0.key < $1.key }) where time <= now {
            burials[member] = nil
            buried.insert(member)
            actions.append(.bury(member))
        }
        if silo != nil {
            var gap: Duration = .seconds(3_600)
            updateWatched(now)
            for member in watched { watch(member, now, &gap, &actions) }
            for member in peers.filter({ $0.value.crash != nil }).keys.sorted() { pursue(member, now, &actions) }
            judgeSplit(now, &gap)
            if phase == .joining {
                judgeAsJoiner(now)
                if peers.values.contains(where: { !$0.hasAnswered }) { gap = min(gap, .milliseconds(200)) }
            }
            askForRelay(now, &actions)
            if isWaiting { gap = min(gap, .milliseconds(400)) }
            if reading == nil, lastRead.map({ now - $0 >= gap }) ?? true { read(now, &actions) }
        } else if reading == nil, lastRead.map({ now - $0 >= .milliseconds(100) }) ?? true {
            read(now, &actions)
        }
        proceed(now, &actions)
        return actions
    }

    /// A connection to a member closed.
    ///
    /// - Parameters:
    ///   - member: The member.
    ///   - goodbye: Whether it said goodbye first.
    ///   - now: The own clock.
    /// - Returns: What to do.
    package mutating func connectionClosed(to member: Int32, goodbye: Bool, now: Duration) -> [MembershipAction] {
        guard !phase.isOver, !goodbye, peers[member] != nil, peers[member]?.crash == nil else { return [] }
        var actions: [MembershipAction] = []
        peers[member]?.crash = CrashSuspicion(step: .standingBy, next: now, since: now)
        pursue(member, now, &actions)
        return actions
    }

    /// A dial ended.
    ///
    /// - Parameters:
    ///   - member: The member that was dialled.
    ///   - outcome: What came of it.
    ///   - now: The own clock.
    /// - Returns: What to do.
    package mutating func dialed(_ member: Int32, _ outcome: DialOutcome, now: Duration) -> [MembershipAction] {
        guard !phase.isOver, peers[member] != nil else { return [] }
        var actions: [MembershipAction] = []
        let gone = outcome == .refused || outcome == .newerIncarnation
        for asker in peers[member]?.opinionAskers ?? [] {
            actions.append(.send(.opinion(suspect: member, gone: gone), to: asker))
        }
        peers[member]?.opinionAskers = []
        if var crash = peers[member]?.crash, case .dialing = crash.step {
            if gone {
                crash.refusals += 1
                crash.step = crash.refusals < 2 ? .waiting : .asking
                crash.next = crash.refusals < 2 ? now + .milliseconds(30) : now
                peers[member]?.crash = crash
                pursue(member, now, &actions)
            } else {
                peers[member]?.crash = nil
            }
        }
        proceed(now, &actions)
        return actions
    }

    mutating func tookOpinion(of suspect: Int32, gone: Bool, _ now: Duration) {
        guard let crash = peers[suspect]?.crash, case .asking = crash.step else { return }
        if gone {
            condemn(suspect, "crash", from: now)
        } else {
            peers[suspect]?.crash = nil
        }
    }

    mutating func probe(_ member: Int32, _ now: Duration, _ actions: inout [MembershipAction]) {
        sequence += 1
        if (peers[member]?.outstanding.count ?? 0) < 16 {
            peers[member]?.outstanding.append((sequence: sequence, sent: now))
        }
        actions.append(.send(.probe(sequence: sequence, report: report(now)), to: member))
    }

    /// How many members would act before this one.
    private func rank(for member: Int32) -> Int {
        guard let silo else { return 0 }
        let live = peers.keys.filter { $0 != member && peers[$0]?.isSuspected == false } + [silo]
        // Counted backwards on the ring of numbers, from the member.
        let before = live.filter { $0 < member }.sorted(by: >) + live.filter { $0 > member }.sorted(by: >)
        return before.firstIndex(of: silo) ?? 0
    }

    /// Condemns in the order of the probers; the first ones are enough.
    private mutating func condemnInTurn(_ member: Int32, _ reason: String, _ now: Duration) {
        guard peers[member]?.verdict == nil else { return }
        let rank = rank(for: member)
        if rank < settings.probers { condemn(member, reason, from: now + settings.proberStep * rank) }
    }

    private mutating func condemn(_ member: Int32, _ reason: String, from time: Duration) {
        if peers[member]?.verdict == nil { peers[member]?.verdict = (reason, time) }
    }

    /// Probes all members, not only its own targets, as long as it has to know who hears whom: to find the larger side
    /// when a target does not answer (F3), and to know whether it is in a majority when its lease gets old (L7).
    private mutating func updateWatched(_ now: Duration) {
        let isLeaseOld =
            settings.mode == .fast && lease.age(at: now).map { $0 > settings.renewalInterval * 2 } ?? false
        let isWide =
            targets.count < peers.count
            && (isLeaseOld || targets.contains { peers[$0]?.missedSince != nil })
        let next = isWide ? peers.keys.sorted() : targets
        if next == watched { return }
        let before = Set(watched)
        let after = Set(next)
        for member in after.subtracting(before) { peers[member]?.beginWatch(now) }
        for member in before.subtracting(after) { peers[member]?.endWatch() }
        watched = next
    }

    private mutating func forgive(_ now: Duration) {
        for member in Array(peers.keys) {
            peers[member]?.answered = now
            peers[member]?.answeredIndirectly = now
            peers[member]?.outstanding = []
            peers[member]?.missedSince = nil
            peers[member]?.unreachableSince = nil
            peers[member]?.watch = nil
            peers[member]?.verdict = nil
            peers[member]?.freshSince = nil
            if peers[member]?.crash != nil {
                peers[member]?.crash = CrashSuspicion(step: .standingBy, next: now, since: now)
            }
        }
    }

    /// Probes one member, and finds silence (F2) and a lease without renewals (F4).
    private mutating func watch(
        _ member: Int32, _ now: Duration, _ gap: inout Duration, _ actions: inout [MembershipAction]
    ) {
        guard var peer = peers[member] else { return }
        let due = now >= peer.nextProbe
        if due { peer.nextProbe = now + settings.probeInterval }
        if let first = peer.outstanding.first, now - first.sent >= settings.probeTimeout {
            peer.outstanding.removeAll { now - $0.sent >= settings.probeTimeout }
            peer.missedSince = peer.missedSince ?? now
        }
        peers[member] = peer
        if due {
            probe(member, now, &actions)
            if peer.missedSince != nil {
                let helpers = peers.keys.filter { $0 != member && isReached($0, now) }.sorted()
                for helper in helpers.prefix(3) { actions.append(.send(.indirectProbe(target: member), to: helper)) }
            }
        }
        guard settings.suspectsSilence else { return }
        if peer.missedSince != nil {
            gap = min(gap, .milliseconds(200))
            // A joiner that was never answered has a rule of its own (F5): the fault may be its own network.
            if peer.hasAnswered || phase != .joining, now - peer.heard >= settings.silence, let watch = peer.watch,
                watch.unchanged >= .seconds(1)
            {
                condemnInTurn(member, "silence", now)
            }
            if now - peer.answered >= settings.pairPatience, now - peer.answeredIndirectly < settings.silence {
                if let silo, silo > member { isGraceOver = true } else { condemn(member, "pair", from: now) }
            }
        } else if let age = peer.report?.leaseAgeMilliseconds, age > settings.lease.wholeMilliseconds,
            lease.age(at: now).map({ $0 < settings.lease / 2 }) ?? false
        {
            gap = min(gap, .milliseconds(400))
            let limit = settings.mode == .strict ? settings.lease * 2 : settings.grace
            if let watch = peer.watch, watch.unchanged >= limit { condemnInTurn(member, "no renewal", now) }
        }
    }

    /// Takes the renewals of suspected members from a read.
    mutating func watchLeases(_ view: ClusterView, sent: Duration, arrived: Duration) {
        for row in view.members {
            guard let peer = peers[row.silo], row.status.isLive else { continue }
            let isSilent = peer.missedSince != nil
            let isOld = (peer.report?.leaseAgeMilliseconds ?? 0) > settings.lease.wholeMilliseconds
            guard isSilent || isOld || phase == .joining && !peer.hasAnswered else {
                peers[row.silo]?.watch = nil
                continue
            }
            // The rule says 250 and 500 ms; a tick comes on top.
            let gap: Duration = isSilent || phase == .joining ? .milliseconds(250) : .milliseconds(500)
            if peer.watch == nil {
                peers[row.silo]?.watch = RenewalWatch(renewals: row.renewals, since: arrived, lastSent: sent)
            } else {
                peers[row.silo]?.watch?.take(row.renewals, sent: sent, arrived: arrived, gap: gap)
            }
        }
    }

    /// Goes on with the suspicion of a crash (F1).
    private mutating func pursue(_ member: Int32, _ now: Duration, _ actions: inout [MembershipAction]) {
        guard var crash = peers[member]?.crash, now >= crash.next, peers[member]?.verdict == nil else { return }
        switch crash.step {
        case .standingBy:
            let rank = rank(for: member)
            if rank < settings.probers {
                crash.step = .waiting
                crash.next = now + settings.proberStep * rank
            } else if now - crash.since < settings.silence {
                crash.next = now + .milliseconds(50)
            } else {
                peers[member]?.crash = nil
                return
            }
            peers[member]?.crash = crash
            if rank == 0 { pursue(member, now, &actions) }
            return
        case .waiting:
            crash.step = .dialing
            crash.next = now + .seconds(1)
            actions.append(.dial(member))
        case .dialing:
            // The dial's end was never reported.
            crash.step = .waiting
            crash.next = now
        case .asking:
            let others = peers.keys.filter { $0 != member && peers[$0]?.isSuspected == false }.sorted()
            if others.isEmpty {
                condemn(member, "crash", from: now)
            } else {
                let helper = others[crash.asked % others.count]
                crash.asked += 1
                crash.next = now + .milliseconds(200)
                actions.append(.send(.opinionRequest(suspect: member), to: helper))
            }
        }
        peers[member]?.crash = crash
    }

    /// Finds members that renew but are out of reach of the larger connected side (F3).
    private mutating func judgeSplit(_ now: Duration, _ gap: inout Duration) {
        guard let silo, let view, settings.suspectsSilence, phase == .active, now >= nextJudgement,
            targets.contains(where: { peers[$0]?.missedSince != nil })
        else { return }
        nextJudgement = now + .milliseconds(20)
        var side: Set<Int32> = [silo]
        var open: [Int32] = peers.keys.filter { isReached($0, now) }
        while let member = open.popLast() {
            guard side.insert(member).inserted, let report = peers[member]?.report, isReached(member, now) else {
                continue
            }
            open += report.reached.filter { peers[$0] != nil }
        }
        let active = view.members.filter { $0.status == .active }.map(\.silo)
        let inside = active.filter { side.contains($0) }.count
        let lowest = active.min()
        let isLarger =
            inside * 2 > active.count || inside * 2 == active.count && lowest.map { side.contains($0) } ?? false
        var isOver = false
        for member in Array(peers.keys) {
            if side.contains(member) {
                peers[member]?.unreachableSince = nil
            } else {
                let since = peers[member]?.unreachableSince ?? max(peers[member]?.heard ?? now, now - settings.silence)
                peers[member]?.unreachableSince = since
                if now - since >= settings.silence * 2 { isOver = true }
            }
        }
        guard isOver, isLarger else { return }
        // Those before the lowest one out of reach probe it or another one out of reach, so they all see the split.
        let lost = peers.keys.filter { peers[$0]?.unreachableSince.map { now - $0 >= settings.silence } ?? false }
        guard let first = lost.min() else { return }
        let order = rank(for: first)
        guard order < settings.probers else { return }
        for member in lost { condemn(member, "split", from: now + settings.proberStep * order) }
    }

    /// Declares members that nobody can ask about (F5).
    private mutating func judgeAsJoiner(_ now: Duration) {
        guard let view else { return }
        let active = view.members.filter { $0.status == .active && $0.silo != silo }.map(\.silo)
        if active.contains(where: { isReached($0, now) }) { return }
        let longest = view.members.filter(\.status.isLive).map(\.lease).max() ?? settings.lease
        for member in peers.keys.sorted() {
            if let watch = peers[member]?.watch, peers[member]?.hasAnswered == false, watch.unchanged >= longest {
                condemn(member, "unreachable", from: now)
            }
        }
    }

    /// Asks a member that reaches the database to record this one as leaving, when it cannot renew itself (F4).
    private mutating func askForRelay(_ now: Duration, _ actions: inout [MembershipAction]) {
        guard phase == .active, now >= nextRelay, let renewed = lease.renewed, now - renewed > settings.lease / 2
        else { return }
        // A member whose lease stayed young all the while, and which renewed it when this one could not any more:
        // otherwise the database is away for everyone.
        let able = peers.keys.sorted().first { member in
            guard let peer = peers[member], let since = peer.freshSince, let report = peer.report else { return false }
            let theirs = peer.reported - .milliseconds(report.leaseAgeMilliseconds)
            return isReached(member, now) && now - since > settings.lease / 2 + settings.renewalInterval
                && theirs - renewed > settings.renewalInterval + settings.probeInterval
        }
        guard let able else { return }
        nextRelay = now + .seconds(1)
        actions.append(.send(.relayLeaving, to: able))
    }
}
