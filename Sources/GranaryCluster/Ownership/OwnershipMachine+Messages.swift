extension OwnershipMachine {
    /// Takes a message from another member.
    ///
    /// - Parameters:
    ///   - message: The message; one that is not about ownership is ignored.
    ///   - sender: The member that sent it.
    /// - Returns: What to do.
    package mutating func receive(_ message: ClusterMessage, from sender: Int32) -> [OwnershipAction] {
        guard !isStopped, sender != silo, meet(sender) else { return [] }
        var actions: [OwnershipAction] = []
        switch message {
        case .installed(let view, let held, let last):
            others[sender]?.parts += held
            if last { takeAnnouncement(of: view, from: sender, &actions) }
        case .released(let view, let hashes):
            if view > installed { actions.append(.learnView(atLeast: view, from: sender)) }
            others[sender]?.release(hashes, in: view)
            reconsiderParked(hashes: hashes, &actions)
        case .pull(let grain, let view, let known):
            if view > installed { actions.append(.learnView(atLeast: view, from: sender)) }
            answer(WaitingPull(sender: sender, grain: grain, view: view, known: known), &actions)
        case .handover(let handover):
            take(handover, from: sender, &actions)
        case .accepted(let grain, let used):
            if unsettled[grain] == sender {
                unsettled[grain] = nil
                actions.append(.settled(grain, used: used))
            }
        case .probe, .probeAnswer, .indirectProbe, .indirectAnswer, .opinionRequest, .opinion, .view, .viewRequest,
            .relayLeaving, .waitProbe, .waitCircle:
            break
        }
        return actions
    }

    /// The session with a member was lost together with messages: what was said on it is said again.
    ///
    /// - Parameter member: The member.
    /// - Returns: What to do.
    package mutating func sessionLost(with member: Int32) -> [OwnershipAction] {
        guard !isStopped, others[member]?.isLive == true else { return [] }
        var actions: [OwnershipAction] = []
        others[member]?.parts = []
        for grain in parked.keys { parked[grain]?.pulled[member] = nil }
        if !isSurveying, (others[member]?.told ?? 0) > 0 { tell(member, &actions) } else { others[member]?.told = 0 }
        for (grain, target) in unsettled.sorted(by: { $0.key.hash < $1.key.hash }) where target == member {
            unsettled[grain] = nil
            actions.append(.settled(grain, used: false))
        }
        reconsiderParked(&actions)
        return actions
    }

    /// Whether the sender's words count: it is known and not buried, or newer than the installed view.
    private mutating func meet(_ sender: Int32) -> Bool {
        if others[sender] != nil { return true }
        guard sender > highestSilo else { return false }
        others[sender] = Neighbour(released: 0, floor: 0, told: 0)
        return true
    }

    private mutating func takeAnnouncement(of view: Int64, from sender: Int32, _ actions: inout [OwnershipAction]) {
        guard var other = others[sender] else { return }
        let held = other.parts
        other.parts = []
        // Its lease said later that nothing from up to this view is held: the message was slower.
        if view > other.floor, view >= other.released {
            other.released = view
            other.held = Set(held)
        }
        others[sender] = other
        if view > installed {
            actions.append(.learnView(atLeast: view, from: sender))
        } else {
            reconsiderParked(&actions)
        }
    }

    mutating func answer(_ pull: WaitingPull, _ actions: inout [OwnershipAction]) {
        if pull.view > installed || isSurveying {
            waitingPulls.append(pull)
            return
        }
        guard others[pull.sender] != nil else { return }
        // Once per view: the announcement is on its way, in front of the release, even if the puller has not seen it.
        if pull.known < installed, (others[pull.sender]?.told ?? 0) < installed { tell(pull.sender, &actions) }
        guard var entry = foreign[pull.grain] else { return tellReleases(to: pull.sender, &actions) }
        if !entry.pullers.contains(pull.sender) { entry.pullers.append(pull.sender) }
        if case .queued = entry.phase {
            entry.phase = .closing(inBackground: false)
            actions.append(.letGo(pull.grain))
        }
        foreign[pull.grain] = entry
    }

    private mutating func take(_ handover: GrainHandover, from sender: Int32, _ actions: inout [OwnershipAction]) {
        // A hand-over from before what its lease told is old: the grain may have been activated here since.
        guard let other = others[sender], handover.view > other.floor, other.held.contains(handover.grain.hash),
            handover.view > installed || owner(of: handover.grain) == silo
        else {
            if handover.dirty { actions.append(.send(.accepted(grain: handover.grain, used: false), to: sender)) }
            return
        }
        if warm.updateValue(WarmGrain(handover: handover, sender: sender), forKey: handover.grain) == nil {
            warmOrder.append(handover.grain)
        }
        if handover.dirty { actions.append(.adopt(handover.grain)) }
        trimWarmth()
    }

    private mutating func trimWarmth() {
        guard warmOrder.count > settings.warmLimit else { return }
        // Half at once, so that the cost per hand-over stays constant. Unsaved states are kept.
        var kept: [ClusterGrain] = []
        let drop = warmOrder.count / 2
        for (index, grain) in warmOrder.enumerated() {
            guard let entry = warm[grain] else { continue }
            if index < drop, !entry.handover.dirty { warm[grain] = nil } else { kept.append(grain) }
        }
        warmOrder = kept
    }
}
