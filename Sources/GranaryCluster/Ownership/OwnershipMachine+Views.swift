extension OwnershipMachine {
    /// Installs a newer view (O1).
    ///
    /// Views may be skipped.
    ///
    /// - Parameter view: The view; one that is not newer is looked at only for the releases in its rows.
    /// - Returns: What to do. An ``OwnershipAction/survey(_:)`` comes before everything that needs the new view.
    package mutating func install(_ view: ClusterView) -> [OwnershipAction] {
        guard view.number > installed, !isStopped else { return read(view) }
        var actions: [OwnershipAction] = []
        tellReleases(&actions)
        handedOver = [:]
        installed = view.number
        takeRows(view)
        warmShare = max(1, settings.warmLimit / max(1, others.values.count(where: \.isLive)))
        history.update(view.members, floor: floor)
        own = view.member(silo)
        if own?.hasEnded(by: installed) == true { isStopped = true }
        isSurveying = true
        actions.append(.survey(snapshot))
        reconsiderForeign(&actions)
        dropUselessWarmth(&actions)
        for (grain, target) in unsettled.sorted(by: { $0.key.hash < $1.key.hash }) where others[target]?.isLive != true
        {
            unsettled[grain] = nil
            actions.append(.settled(grain, used: false))
        }
        reconsiderParked(&actions)
        return actions
    }

    /// Takes over the releases that members wrote with their leases, from any read of the database (O2).
    ///
    /// - Parameter view: What was read; it need not be newer than the installed one.
    /// - Returns: What to do.
    package mutating func read(_ view: ClusterView) -> [OwnershipAction] {
        guard !isStopped else { return [] }
        var actions: [OwnershipAction] = []
        var changed = false
        for row in view.members where others[row.silo] != nil {
            if others[row.silo]?.takeLease(row.released) == true { changed = true }
        }
        let proven = view.members.map(\.released).max() ?? 0
        for member in unburied.sorted() where (others[member]?.row?.ended ?? .max) <= proven {
            actions += bury(member)
        }
        if changed { reconsiderParked(&actions) }
        return actions
    }

    /// The lease of a member that ended is over (L5, strict mode).
    ///
    /// - Parameter member: The member's number.
    /// - Returns: What to do.
    package mutating func bury(_ member: Int32) -> [OwnershipAction] {
        guard unburied.remove(member) != nil else { return [] }
        var actions: [OwnershipAction] = []
        others[member] = nil
        updateWatermark()
        reconsiderParked(&actions)
        return actions
    }

    /// The lease became valid, or ended.
    ///
    /// While it is not valid nothing is activated.
    ///
    /// - Parameter serving: `serving(now)` of protocol L2.
    /// - Returns: What to do.
    package mutating func setServing(_ serving: Bool) -> [OwnershipAction] {
        guard serving != isServing else { return [] }
        isServing = serving
        var actions: [OwnershipAction] = []
        if serving { reconsiderParked(&actions) }
        return actions
    }

    /// Hands over some of the held grains that the survey of a view found not to be owned.
    ///
    /// - Parameters:
    ///   - grains: The grains.
    ///   - view: The view of the survey; an older one's finds are ignored, since the next survey finds them again.
    package mutating func foreign(_ grains: [ClusterGrain], in view: Int64) {
        guard view == installed else { return }
        for grain in grains where foreign[grain] == nil {
            foreign[grain] = ForeignGrain(phase: .queued)
            foreignHashes[grain.hash, default: 0] += 1
            // The release of another grain with this hash would be taken for this one's.
            for member in untold.keys { untold[member]?.removeAll { $0 == grain.hash } }
            queue.append(grain)
        }
    }

    /// The survey of a view is complete.
    ///
    /// - Parameter view: The view; an older one is ignored.
    /// - Returns: What to do: announcements, and grains to let go.
    package mutating func surveyed(_ view: Int64) -> [OwnershipAction] {
        guard view == installed, isSurveying, !isStopped else { return [] }
        isSurveying = false
        updateWatermark()
        var actions: [OwnershipAction] = []
        announce(&actions)
        let pulls = waitingPulls
        waitingPulls = []
        for pull in pulls { answer(pull, &actions) }
        refill()
        startReleases(&actions)
        return actions
    }

    /// Updates the entries of other members, and the lowest view that can still be asked about.
    private mutating func takeRows(_ view: ClusterView) {
        var seen: Set<Int32> = []
        unburied = []
        // A release says that every end up to it was buried where it was written (O7): so it is buried for everyone. A
        // joiner need not wait for leases that ended long before it came.
        let proven = view.members.map(\.released).max() ?? 0
        for row in view.members where row.silo != silo {
            let known = others[row.silo]
            // A member that was buried stays so; its row is not taken up again.
            if known == nil, row.silo <= highestSilo { continue }
            if row.hasEnded(by: view.number) {
                let waits =
                    settings.mode == .strict && !row.fenced && (row.ended ?? 0) > proven
                    && !settings.weakness.contains(.buryAtOnce)
                if !waits { continue }
                unburied.insert(row.silo)
            }
            seen.insert(row.silo)
            var other = known ?? Neighbour(released: row.released, floor: row.released, told: own?.joined ?? 0)
            other.row = row
            _ = other.takeLease(row.released)
            others[row.silo] = other
        }
        highestSilo = max(highestSilo, view.members.map(\.silo).max() ?? 0)
        for (member, other) in others where !seen.contains(member) {
            // Kept: a member that spoke before the view that has it came.
            if other.row == nil, member > highestSilo { continue }
            others[member] = nil
        }
        floor = others.values.reduce(installed) { min($0, $1.released) }
        // Whether nobody else had a grain since its states came is asked about once more below.
        floor = warm.values.reduce(floor) { min($0, $1.handover.view) }
    }

    /// Sends the announcement to whoever owns now what this member owned or held since it last told them.
    private mutating func announce(_ actions: inout [OwnershipAction]) {
        guard let own, let ownFrom = own.ringFrom else { return }
        var owners: Set<Int32> = []
        for grain in foreign.keys {
            if let owner = owner(of: grain) { owners.insert(owner) }
        }
        for member in others.keys.sorted() {
            guard let other = others[member], let row = other.row, row.status.isLive, row.isInRing(installed) else {
                continue
            }
            // Consistent hashing moves a grain from here to there only if they came or this one went.
            let came = (row.ringFrom ?? 0) > max(other.told, ownFrom)
            let went = (own.ringTo ?? .max) <= installed && (own.ringTo ?? .max) > other.told
            if owners.contains(member) && other.told < installed || came || went { tell(member, &actions) }
        }
    }

    mutating func tell(_ member: Int32, _ actions: inout [OwnershipAction]) {
        others[member]?.told = installed
        // What is not held any more is not among what it is told now.
        untold[member] = nil
        // Sorted: the same events have the same actions in every process.
        let held = foreignHashes.keys.sorted()
        var start = 0
        repeat {
            let end = min(start + settings.hashesPerMessage, held.count)
            actions.append(
                .send(
                    .installed(view: installed, held: Array(held[start..<end]), last: end == held.count), to: member))
            start = end
        } while start < held.count
    }
}

extension Neighbour {
    /// Takes over that the member let go of grains with these hashes, in this view or an older one.
    mutating func release(_ hashes: [UInt64], in view: Int64) {
        releasedIn = max(releasedIn, view)
        for hash in hashes { held.remove(hash) }
    }

    /// Takes over the release that the member wrote with its lease.
    ///
    /// - Returns: Whether it says more than was known.
    mutating func takeLease(_ released: Int64) -> Bool {
        guard released > floor else { return false }
        floor = released
        guard released >= self.released else { return false }
        self.released = released
        held = []
        return true
    }
}
