extension OwnershipMachine {
    /// A call wants a grain that the silo does not hold (O4).
    ///
    /// - Parameter grain: The grain.
    /// - Returns: What becomes of the call, and what to do.
    package mutating func want(_ grain: ClusterGrain) -> (verdict: OwnershipVerdict, actions: [OwnershipAction]) {
        let owner = owner(of: grain)
        guard owner == silo, !isStopped else { return (.moved(owner: owner, view: installed), []) }
        var actions: [OwnershipAction] = []
        var entry = parked[grain] ?? ParkedGrain()
        if mayActivate(grain, &entry, &actions) {
            parked[grain] = nil
            return (.activate(view: installed, handover: takeWarmth(grain, &actions)), actions)
        }
        parked[grain] = entry
        return (.park, actions)
    }

    /// No call waits for the grain any more.
    ///
    /// - Parameter grain: The grain.
    package mutating func unpark(_ grain: ClusterGrain) {
        parked[grain] = nil
    }

    /// The silo no longer holds a grain: its turns ended, its saves are resolved, its activation is gone (O5).
    ///
    /// To be called for every answer to ``OwnershipAction/letGo(_:)``, and for each grain that ends otherwise while the
    /// silo's snapshot does not own it. Other grains need not be told; it does no harm.
    ///
    /// - Parameters:
    ///   - grain: The grain.
    ///   - handover: Its states and whether some are unsaved; `nil` when it was not warm.
    /// - Returns: What to do.
    package mutating func letGo(
        _ grain: ClusterGrain, handover: (states: [HandedState], dirty: Bool)? = nil
    ) -> [OwnershipAction] {
        var actions: [OwnershipAction] = []
        guard let entry = foreign.removeValue(forKey: grain) else {
            if handover?.dirty == true { actions.append(.settled(grain, used: false)) }
            return actions
        }
        if case .closing(inBackground: true) = entry.phase { background -= 1 }
        let owner = owner(of: grain).flatMap { others[$0]?.isLive == true ? $0 : nil }
        if let handover {
            if let owner, handover.dirty || !entry.pullers.isEmpty || keepsWarm(owner) {
                let handover = GrainHandover(
                    grain: grain, view: installed, states: handover.states, dirty: handover.dirty)
                actions.append(.send(.handover(handover), to: owner))
                if handover.dirty { unsettled[grain] = owner }
            } else if handover.dirty {
                actions.append(.settled(grain, used: false))
            }
        }
        let count = (foreignHashes[grain.hash] ?? 1) - 1
        foreignHashes[grain.hash] = count == 0 ? nil : count
        // Two grains of one hash are released together, with the second.
        if count == 0 {
            for puller in entry.pullers { release(grain.hash, to: puller, isAwaited: true, &actions) }
            if let owner, !entry.pullers.contains(owner) { release(grain.hash, to: owner, isAwaited: false, &actions) }
        }
        if foreign.isEmpty { tellReleases(&actions) }
        updateWatermark()
        startReleases(&actions)
        return actions
    }

    /// Tells a member of a release: at once if it waits for it, else together with others.
    private mutating func release(
        _ hash: UInt64, to member: Int32, isAwaited: Bool, _ actions: inout [OwnershipAction]
    ) {
        untold[member, default: []].append(hash)
        if isAwaited || untold[member]?.count ?? 0 >= settings.hashesPerRelease { tellReleases(to: member, &actions) }
    }

    /// Tells all others of the releases that they were not told of yet.
    mutating func tellReleases(_ actions: inout [OwnershipAction]) {
        for member in untold.keys.sorted() { tellReleases(to: member, &actions) }
    }

    /// Tells a member of the releases that it was not told of yet.
    mutating func tellReleases(to member: Int32, _ actions: inout [OwnershipAction]) {
        guard let hashes = untold.removeValue(forKey: member), others[member]?.isLive == true else { return }
        actions.append(.send(.released(view: installed, hashes: hashes), to: member))
    }

    /// Whether a member that does not wait for a grain is sent its states: no more of them than it keeps, of which every
    /// other member has its share.
    private mutating func keepsWarm(_ member: Int32) -> Bool {
        guard handedOver[member, default: 0] < warmShare else { return false }
        handedOver[member, default: 0] += 1
        return true
    }

    private mutating func mayActivate(
        _ grain: ClusterGrain, _ entry: inout ParkedGrain, _ actions: inout [OwnershipAction]
    ) -> Bool {
        let candidates = candidates(grain)
        for member in candidates {
            guard let other = others[member], other.isLive, entry.pulled[member] != installed else { continue }
            entry.pulled[member] = installed
            actions.append(.send(.pull(grain: grain, view: installed, known: other.released), to: member))
        }
        return candidates.isEmpty && isServing && own?.status == .active && !isBehind
    }

    mutating func reconsiderParked(_ actions: inout [OwnershipAction]) {
        if parked.isEmpty { return }
        reconsider(parked.keys.sorted { ($0.hash, $0.key) < ($1.hash, $1.key) }, &actions)
    }

    mutating func reconsiderParked(hashes: [UInt64], _ actions: inout [OwnershipAction]) {
        if parked.isEmpty { return }
        let hashes = Set(hashes)
        reconsider(parked.keys.filter { hashes.contains($0.hash) }.sorted { $0.key < $1.key }, &actions)
    }

    private mutating func reconsider(_ grains: [ClusterGrain], _ actions: inout [OwnershipAction]) {
        for grain in grains {
            guard var entry = parked[grain] else { continue }
            if isStopped || owner(of: grain) != silo {
                parked[grain] = nil
                actions.append(.bounce(grain, view: installed))
            } else if mayActivate(grain, &entry, &actions) {
                parked[grain] = nil
                let handover = takeWarmth(grain, &actions)
                actions.append(.activate(grain, view: installed, handover: handover))
            } else {
                parked[grain] = entry
            }
        }
    }

    /// The states that came with the last release, if nobody else can have held the grain since (O6).
    private mutating func takeWarmth(_ grain: ClusterGrain, _ actions: inout [OwnershipAction]) -> GrainHandover? {
        guard let entry = warm.removeValue(forKey: grain) else { return nil }
        let handover = entry.handover
        var used = isOwned(grain, since: handover.view)
        if settings.weakness.contains(.trustHandovers) { used = true }
        if handover.dirty { actions.append(.send(.accepted(grain: grain, used: used), to: entry.sender)) }
        return used ? handover : nil
    }

    /// Whether this member owned a grain in every view from one to the installed one.
    private func isOwned(_ grain: ClusterGrain, since view: Int64) -> Bool {
        var isOwned = view >= floor && view <= installed
        if isOwned {
            history.forEachOwner(of: grain.hash, type: grain.type, from: view, through: installed) { owner, _, _ in
                if owner != silo { isOwned = false }
                return isOwned
            }
        }
        return isOwned
    }

    /// Drops the states of grains that others own or owned; those that stay need no look at older views any more.
    mutating func dropUselessWarmth(_ actions: inout [OwnershipAction]) {
        if warm.isEmpty { return }
        var kept: [ClusterGrain] = []
        for grain in warmOrder {
            guard let entry = warm[grain] else { continue }
            if entry.handover.view <= installed, !isOwned(grain, since: entry.handover.view),
                !settings.weakness.contains(.trustHandovers)
            {
                warm[grain] = nil
                if entry.handover.dirty {
                    actions.append(.send(.accepted(grain: grain, used: false), to: entry.sender))
                }
            } else {
                if entry.handover.view < installed { warm[grain]?.handover.view = installed }
                kept.append(grain)
            }
        }
        warmOrder = kept
    }

    /// Grains that are owned again stay.
    mutating func reconsiderForeign(_ actions: inout [OwnershipAction]) {
        if foreign.isEmpty { return }
        let again = foreign.keys.filter { owner(of: $0) == silo }.sorted { ($0.hash, $0.key) < ($1.hash, $1.key) }
        for grain in again {
            guard let entry = foreign.removeValue(forKey: grain) else { continue }
            let count = (foreignHashes[grain.hash] ?? 1) - 1
            foreignHashes[grain.hash] = count == 0 ? nil : count
            if case .closing(let inBackground) = entry.phase {
                if inBackground { background -= 1 }
                actions.append(.reopen(grain))
            }
        }
    }

    /// Some time went on: further grains may be let go that nobody waits for.
    ///
    /// All at once they would take the processor, of all members at the same time, from the calls that go on meanwhile.
    ///
    /// - Returns: What to do.
    package mutating func tick() -> [OwnershipAction] {
        if queue.isEmpty { return [] }
        var actions: [OwnershipAction] = []
        refill()
        startReleases(&actions)
        return actions
    }

    /// Allows as many releases as until the next tick there should be.
    mutating func refill() { allowance = max(settings.releasesPerTick, queue.count / settings.ticksOfReleases) }

    mutating func startReleases(_ actions: inout [OwnershipAction]) {
        // The announcement, which says what is held, comes first: states of a grain that is not in it are not kept.
        if isSurveying { return }
        // Whoever leaves has nothing else to do.
        let isPaced = own?.status == .active
        while background < settings.backgroundReleases, next < queue.count, !isPaced || allowance > 0 {
            allowance -= 1
            let grain = queue[next]
            next += 1
            guard var entry = foreign[grain], case .queued = entry.phase else { continue }
            entry.phase = .closing(inBackground: true)
            foreign[grain] = entry
            background += 1
            actions.append(.letGo(grain))
        }
        if next == queue.count {
            queue = []
            next = 0
        }
    }
}
