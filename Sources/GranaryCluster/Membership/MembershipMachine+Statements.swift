extension MembershipMachine {
    /// Takes the answer to a statement.
    ///
    /// An answer may come after the statement was given up: a renewal still counts.
    ///
    /// - Parameters:
    ///   - tag: The tag of the statement.
    ///   - answer: The answer.
    ///   - now: The own clock, read after the answer came.
    /// - Returns: What to do.
    package mutating func answered(_ tag: UInt64, _ answer: StoreAnswer, now: Duration) -> [MembershipAction] {
        guard !phase.isOver, let statement = pending.removeValue(forKey: tag) else { return [] }
        var actions: [MembershipAction] = []
        if reading == tag { reading = nil }
        if changing == tag { changing = nil }
        switch answer {
        case .view(let next, let token):
            if case .readView(let number) = statement.request, let view, view.number == number, let token,
                token != view.token
            {
                // The log has another history than this member, whatever views came after (M2).
                enter(.fenced("the database lost history"), &actions)
                return actions
            }
            took(next, read: statement.sent, now: now, &actions)
        case .joined(let join):
            if let join, silo == nil {
                silo = join.silo
                committed = max(committed, join.view)
                actions.append(.joined(join.silo))
                enter(.joining, &actions)
                nextRenewal = now
                if let known = view, known.number >= join.view {
                    // Views that came before the answer were not installed: there was no number yet.
                    view = nil
                    took(known, read: nil, now: now, &actions)
                }
            }
            wantsRead = true
        case .changed(let number):
            if let number { committed = max(committed, number) }
            wantsRead = true
        case .renewed(let renewal):
            tookRenewal(renewal, sent: statement.sent, now, &actions)
        case .fenceBroken:
            nextChange = now
        case .failed(let lockTimeout):
            if case .declareDead(let silos, _, _) = statement.request {
                if lockTimeout { fencesToBreak = silos }
                wantsRead = true
            }
            if case .renew = statement.request { break }
            nextChange = max(nextChange, now + .milliseconds(100))
            if case .readView = statement.request, phase == .starting { wantsRead = true }
        }
        proceed(now, &actions)
        return actions
    }

    private mutating func tookRenewal(
        _ renewal: ClusterRenewal, sent: Duration, _ now: Duration, _ actions: inout [MembershipAction]
    ) {
        guard let status = renewal.status, status.isLive else {
            if renewal.status == .dead {
                die("the lease ended", now, &actions)
            } else if phase != .leaving || renewal.status != .left {
                enter(.fenced("the lease ended"), &actions)
            }
            return
        }
        lease.renew(sentAt: sent)
        guard let view else { return }
        if renewal.view > view.number {
            wantsRead = true
        } else if renewal.view < view.number && sent > learned
            || renewal.view == view.number && renewal.token != view.token
        {
            enter(.fenced("the database lost history"), &actions)
        }
    }

    mutating func enter(_ next: MembershipPhase, _ actions: inout [MembershipAction]) {
        guard phase != next, !phase.isOver else { return }
        phase = next
        actions.append(.entered(next))
    }

    /// This member was declared dead: it ends, and in the strict mode says that it serves no more (M5).
    ///
    /// By then its gates are closed, for the phase comes first; so whoever waits for its lease need not (L5). It says so
    /// once: if that is lost, they wait. In the fast mode nobody does.
    mutating func die(_ reason: String, _ now: Duration, _ actions: inout [MembershipAction]) {
        if phase.isOver { return }
        enter(.fenced(reason), &actions)
        if settings.mode == .strict, let silo { _ = send(.proveEnd(silo), now, &actions) }
    }

    mutating func send(_ request: StoreRequest, _ now: Duration, _ actions: inout [MembershipAction]) -> UInt64 {
        tag += 1
        pending[tag] = PendingStatement(request: request, sent: now)
        actions.append(.store(request, tag: tag))
        return tag
    }

    /// Sends the statements that are due: at most one read and one change at a time.
    mutating func proceed(_ now: Duration, _ actions: inout [MembershipAction]) {
        if phase.isOver { return }
        if let current = reading, let sent = pending[current]?.sent, now - sent > settings.storePatience {
            reading = nil
            wantsRead = true
        }
        if let current = changing, let sent = pending[current]?.sent, now - sent > settings.storePatience {
            changing = nil
            wantsRead = true
        }
        // A join that failed may have been recorded all the same; the others find that nobody is behind it.
        if wantsToLeave, silo == nil, changing == nil { return enter(.left, &actions) }
        if pending.count > 32 { pending = pending.filter { now - $0.value.sent < .seconds(30) } }
        if wantsRead, reading == nil, lastRead.map({ now - $0 >= .milliseconds(20) }) ?? true { read(now, &actions) }
        if let silo, now >= nextRenewal {
            nextRenewal = now + settings.renewalInterval
            _ = send(.renew(silo), now, &actions)
        }
        // A change is computed from the newest view that is known; a read on its way may show a newer one.
        if changing == nil, reading == nil, !wantsRead, now >= nextChange, let request = nextRequest(now) {
            nextChange = now + .milliseconds(20)
            changing = send(request, now, &actions)
        }
    }

    mutating func read(_ now: Duration, _ actions: inout [MembershipAction]) {
        wantsRead = false
        lastRead = now
        reading = send(.readView(known: view?.number ?? 0), now, &actions)
    }

    /// The change that this member wants to commit next, from the view it knows.
    private mutating func nextRequest(_ now: Duration) -> StoreRequest? {
        guard let view else { return nil }
        guard let silo else {
            if wantsToLeave { return nil }
            let namesake = view.members.first { $0.status.isLive && $0.name == candidate.name }
            return .join(view: view.number, supersedes: namesake?.silo)
        }
        if let broken = fencesToBreak.popLast() { return .breakFence(broken) }
        if isGraceOver { return .declareDead([silo], view: view.number, reason: "the grace period ended") }
        let condemned = peers.filter { $0.value.verdict.map { $0.from <= now } ?? false }.keys.sorted()
        if let first = condemned.first {
            return .declareDead(condemned, view: view.number, reason: peers[first]?.verdict?.reason ?? "")
        }
        for relayed in relays.sorted() {
            relays.remove(relayed)
            if view.member(relayed)?.status == .active { return .advance(relayed, to: .leaving, view: view.number) }
        }
        switch phase {
        case .joining:
            if wantsToLeave { return .advance(silo, to: .left, view: view.number) }
            return isConnectedToAll(now) ? .advance(silo, to: .active, view: view.number) : nil
        case .active:
            return wantsToLeave ? .advance(silo, to: .leaving, view: view.number) : nil
        case .leaving:
            return isDrained ? .advance(silo, to: .left, view: view.number) : nil
        case .starting, .left, .fenced:
            return nil
        }
    }

    private func isConnectedToAll(_ now: Duration) -> Bool {
        guard let view else { return false }
        return view.members.allSatisfy { member in
            guard member.status == .active, member.silo != silo else { return true }
            return isReached(member.silo, now)
        }
    }
}
