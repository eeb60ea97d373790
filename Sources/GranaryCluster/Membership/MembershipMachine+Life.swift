extension MembershipMachine {
    /// Starts: reads the view, joins, and so on by itself.
    ///
    /// - Parameter now: The own clock.
    /// - Returns: What to do.
    package mutating func start(now: Duration) -> [MembershipAction] {
        var actions: [MembershipAction] = []
        proceed(now, &actions)
        return actions
    }

    /// The process was asked to end (SIGTERM).
    ///
    /// - Parameter now: The own clock.
    /// - Returns: What to do.
    package mutating func leave(now: Duration) -> [MembershipAction] {
        wantsToLeave = true
        var actions: [MembershipAction] = []
        proceed(now, &actions)
        return actions
    }

    /// The grace period is over: gates are closed and saves sealed; the member declares itself dead (M4).
    ///
    /// - Parameter now: The own clock.
    /// - Returns: What to do.
    package mutating func graceEnded(now: Duration) -> [MembershipAction] {
        isGraceOver = true
        var actions: [MembershipAction] = []
        proceed(now, &actions)
        return actions
    }

    /// A save was refused because the database lists this member as ended (E3).
    ///
    /// - Parameter now: The own clock.
    /// - Returns: What to do.
    package mutating func saveRefused(now: Duration) -> [MembershipAction] {
        var actions: [MembershipAction] = []
        die("a save was refused because this silo was declared dead", now, &actions)
        return actions
    }

    /// Whether nothing is held and all saves are resolved, as of the leaving view: the last condition for `left`.
    ///
    /// - Parameters:
    ///   - drained: Whether it is so.
    ///   - now: The own clock.
    /// - Returns: What to do.
    package mutating func setDrained(_ drained: Bool, now: Duration) -> [MembershipAction] {
        guard drained != isDrained else { return [] }
        isDrained = drained
        var actions: [MembershipAction] = []
        proceed(now, &actions)
        return actions
    }

    /// Takes a view from the database (`read` is when the read was sent) or from a member (`nil`).
    mutating func took(
        _ next: ClusterView, read: Duration?, now: Duration, _ actions: inout [MembershipAction]
    ) {
        if let read { watchLeases(next, sent: read, arrived: now) }
        if let view {
            if next.number < view.number {
                if let read, read > learned { enter(.fenced("the database lost history"), &actions) }
                return
            }
            if next.number == view.number {
                if next.token != view.token {
                    if read == nil { wantsRead = true } else { enter(.fenced("the database lost history"), &actions) }
                } else if read != nil {
                    actions.append(.read(next))
                }
                return
            }
        }
        view = next
        learned = now
        highestSilo = max(highestSilo, next.members.map(\.silo).max() ?? 0)
        for member in next.members where !member.status.isLive && !buried.contains(member.silo) {
            if member.fenced {
                burials[member.silo] = nil
                buried.insert(member.silo)
            } else if burials[member.silo] == nil {
                burials[member.silo] = LeaseClock.burial(of: member, learned: now, drift: settings.drift)
            }
        }
        meetMembers(of: next, now)
        if silo != nil, !judgeOwnRow(next, now, &actions) { return }
        if silo != nil {
            actions.append(.install(next))
            // Their leases may have ended before this member had a number, so before it installed anything.
            for member in next.members where !member.fenced && buried.contains(member.silo) {
                actions.append(.bury(member.silo))
            }
        }
        if committed >= next.number, next.number > 0 {
            committed = 0
            for peer in peers.keys.sorted() { actions.append(.send(.view(next), to: peer)) }
        }
    }

    /// - Returns: Whether the member is still alive.
    private mutating func judgeOwnRow(
        _ next: ClusterView, _ now: Duration, _ actions: inout [MembershipAction]
    ) -> Bool {
        guard let silo else { return true }
        guard let own = next.member(silo) else {
            // A view from before the join, learned from a member.
            if phase == .joining { return true }
            enter(.fenced("the view does not know this member"), &actions)
            return false
        }
        switch own.status {
        case .joining: return true
        case .active: enter(.active, &actions)
        case .leaving:
            if phase != .leaving { isDrained = false }
            wantsToLeave = true
            enter(.leaving, &actions)
        case .left:
            // The last view is sent to all, as every committed one.
            if committed >= next.number {
                for peer in peers.keys.sorted() { actions.append(.send(.view(next), to: peer)) }
            }
            enter(.left, &actions)
            return false
        case .dead:
            die("declared dead in view \(own.ended ?? 0)", now, &actions)
            return false
        }
        return true
    }

    private mutating func meetMembers(of view: ClusterView, _ now: Duration) {
        let live = view.members.filter { $0.status.isLive && $0.silo != silo }.map(\.silo).sorted()
        let known = Set(live)
        peers = peers.filter { known.contains($0.key) }
        for member in live where peers[member] == nil { peers[member] = Peer(met: now) }
        guard let silo else { return }
        let isJoining = phase == .joining && view.member(silo)?.status ?? .joining == .joining
        if isJoining || live.count <= settings.probers {
            targets = live
        } else {
            // The members after this one on the ring of numbers.
            let start = live.firstIndex { $0 > silo } ?? 0
            targets = (0..<settings.probers).map { live[(start + $0) % live.count] }.sorted()
        }
    }
}
