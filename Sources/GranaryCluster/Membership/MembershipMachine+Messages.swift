extension MembershipMachine {
    /// Takes a message from another member's control connection.
    ///
    /// - Parameters:
    ///   - message: The message; one about ownership is ignored.
    ///   - sender: The member that sent it.
    ///   - now: The own clock.
    /// - Returns: What to do.
    package mutating func receive(_ message: ClusterMessage, from sender: Int32, now: Duration) -> [MembershipAction] {
        if phase.isOver { return [] }
        var actions: [MembershipAction] = []
        if let view, hasEnded(sender) {
            if case .view(let next) = message, next.number > view.number {
                // Its last words may be the news of its own end or of later views.
                took(next, read: nil, now: now, &actions)
                proceed(now, &actions)
                return actions
            }
            return [.send(.view(view), to: sender)]
        }
        switch message {
        case .probe(let sequence, let report):
            actions.append(.send(.probeAnswer(sequence: sequence, report: self.report(now)), to: sender))
            took(report, from: sender, now, &actions)
        case .probeAnswer(let sequence, let report):
            tookAnswer(sequence, from: sender, now, &actions)
            took(report, from: sender, now, &actions)
        case .indirectProbe(let target):
            guard peers[target] != nil else { break }
            if peers[target]?.probeAskers.contains(sender) == false { peers[target]?.probeAskers.append(sender) }
            probe(target, now, &actions)
        case .indirectAnswer(let target):
            peers[target]?.answeredIndirectly = now
        case .opinionRequest(let suspect):
            guard peers[suspect] != nil else {
                if let view { actions.append(.send(.view(view), to: sender)) }
                break
            }
            if peers[suspect]?.opinionAskers.contains(sender) == false { peers[suspect]?.opinionAskers.append(sender) }
            actions.append(.dial(suspect))
        case .opinion(let suspect, let gone):
            tookOpinion(of: suspect, gone: gone, now)
        case .view(let next):
            took(next, read: nil, now: now, &actions)
        case .viewRequest(let number):
            if let view, view.number >= number { actions.append(.send(.view(view), to: sender)) }
        case .relayLeaving:
            // Only a member that reaches the database can.
            if let age = lease.age(at: now), age < settings.lease / 2 { relays.insert(sender) }
        case .installed, .pull, .released, .handover, .accepted, .waitProbe, .waitCircle:
            break
        }
        proceed(now, &actions)
        return actions
    }

    /// A member spoke of a view that this one lacks: asks that member and the database for it.
    ///
    /// - Parameters:
    ///   - number: The least number wanted.
    ///   - member: Who spoke of it.
    ///   - now: The own clock.
    /// - Returns: What to do.
    package mutating func learnView(atLeast number: Int64, from member: Int32, now: Duration) -> [MembershipAction] {
        guard !phase.isOver, (view?.number ?? -1) < number else { return [] }
        var actions: [MembershipAction] = [.send(.viewRequest(atLeast: number), to: member)]
        wantsRead = true
        proceed(now, &actions)
        return actions
    }

    /// The database has a view that this member may lack: reads it at once.
    ///
    /// - Parameters:
    ///   - number: The view's number, as far as told.
    ///   - now: The own clock.
    /// - Returns: What to do.
    package mutating func hinted(at number: Int64, now: Duration) -> [MembershipAction] {
        guard !phase.isOver, (view?.number ?? -1) < number else { return [] }
        var actions: [MembershipAction] = []
        wantsRead = true
        proceed(now, &actions)
        return actions
    }

    mutating func report(_ now: Duration) -> ProbeReport {
        let age = lease.age(at: now) ?? .seconds(3_600)
        if reached.map({ now - $0.at > .milliseconds(10) }) ?? true {
            reached = (peers.keys.filter { isReached($0, now) }.sorted(), now)
        }
        return ProbeReport(
            view: view?.number ?? 0, leaseAgeMilliseconds: age.wholeMilliseconds, reached: reached?.members ?? [])
    }

    func isReached(_ member: Int32, _ now: Duration) -> Bool {
        guard let last = peers[member]?.lastAnswer else { return false }
        return now - last <= settings.probeTimeout * 2
    }

    private mutating func took(
        _ report: ProbeReport, from sender: Int32, _ now: Duration, _ actions: inout [MembershipAction]
    ) {
        peers[sender]?.report = report
        peers[sender]?.reported = now
        if report.leaseAgeMilliseconds > (settings.renewalInterval * 2).wholeMilliseconds {
            peers[sender]?.freshSince = nil
        } else if peers[sender]?.freshSince == nil {
            peers[sender]?.freshSince = now
        }
        let number = view?.number ?? 0
        if report.view > number { actions.append(.send(.viewRequest(atLeast: report.view), to: sender)) }
    }

    private mutating func tookAnswer(
        _ sequence: UInt64, from sender: Int32, _ now: Duration, _ actions: inout [MembershipAction]
    ) {
        guard var peer = peers[sender] else { return }
        if let sent = peer.outstanding.first(where: { $0.sequence == sequence })?.sent {
            peer.lastAnswer = max(peer.lastAnswer ?? sent, sent)
        }
        peer.outstanding.removeAll { $0.sequence <= sequence }
        peer.answered = now
        peer.missedSince = nil
        peer.unreachableSince = nil
        if peer.report.map({ $0.leaseAgeMilliseconds <= settings.lease.wholeMilliseconds }) ?? true { peer.watch = nil }
        if peer.crash == nil, peer.verdict?.reason != "no renewal" { peer.verdict = nil }
        for asker in peer.probeAskers { actions.append(.send(.indirectAnswer(target: sender), to: asker)) }
        peer.probeAskers = []
        peers[sender] = peer
    }
}

extension Duration {
    /// Milliseconds, rounded down.
    var wholeMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
