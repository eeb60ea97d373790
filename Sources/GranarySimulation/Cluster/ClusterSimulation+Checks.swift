internal import GranaryCluster

extension ClusterSimulation {
    /// I2, whenever someone begins to hold or to serve a grain.
    func checkHolders(_ grain: Int) {
        guard holders[grain].count > 1 else { return }
        if options.mode == .strict {
            let serving = holders[grain].sorted().filter { isServing(processes[$0]) }
            if serving.count > 1 { fail("I2: \(grains[grain]) is served by processes \(serving)") }
        } else {
            let live = holders[grain].sorted().filter { number in
                processes[number].silo.map { database.member($0)?.status.isLive == true } ?? false
            }
            if live.count > 1 { fail("I2: \(grains[grain]) is held by processes \(live), none of which ended") }
        }
    }

    /// I6, when someone begins to hold a grain: nobody does in a view older than the one it was last let go of in.
    ///
    /// Otherwise the states handed over then might be used after a later write. What a member that ended does is not
    /// stored.
    func checkActivation(of grain: Int, in view: Int64, at process: SimulatedProcess) {
        guard view < lettingGo[grain], let silo = process.silo, database.member(silo)?.status.isLive == true else {
            return
        }
        fail("I6: silo \(silo) activates \(grains[grain]) in view \(view), but it was let go of in \(lettingGo[grain])")
    }

    /// I2, I7 and I8, when a turn begins.
    func started(_ call: Int, at process: SimulatedProcess) {
        statistics.turns += 1
        calls[call].starts += 1
        if calls[call].starts > 1 { fail("I7: call \(call) starts again, at silo \(process.silo ?? 0)") }
        let grain = calls[call].grain
        note("process \(process.number) (\(process.silo ?? 0)) starts call \(call) to \(grains[grain])")
        checkHolders(grain)
        // S8: with this, a process that is killed loses the changes of one window.
        if calls[call].isWrite, let oldest = process.catalog[grain]?.unsaved.first,
            now - calls[Int(oldest)].changed > Self.flushWindow
        {
            fail("S8: call \(call) may change \(grains[grain]), where call \(oldest) is unsaved beyond its window")
        }
        // L6, L7: beyond its lease a dead one serves only on an island that holds the majority of its view. One that just
        // woke may be the only active member of its view: then it is an island by itself.
        if let silo = process.silo, let death = deaths[silo], options.mode == .fast, now - death > 3_050_000,
            now - death > Int64(options.graceSeconds) * 1_000_000 + 50_000
                || now - process.lastMajority > 700_000 && !isInMajority(process)
        {
            fail("I2: silo \(silo) serves \(grains[grain]) \((now - death) / 1_000) ms after its death")
        }
        let key = SimulatedProcess.RouteKey(caller: calls[call].caller, grain: grain)
        if let last = lastStarted[key], calls[last].sequence > calls[call].sequence, !calls[call].isEnded,
            !has(.resend)
        {
            fail("I8: call \(call) starts after call \(last), which the same silo made later")
        }
        if lastStarted[key].map({ calls[$0].sequence < calls[call].sequence }) ?? true { lastStarted[key] = call }
    }

    /// I3 to I6, whenever a row changes.
    func checkCommit(
        _ row: SimulatedSaveRow, of process: SimulatedProcess, _ silo: Int32, before: [UInt32], after: [UInt32]
    ) {
        let grain = grains[row.grain]
        let status = database.member(silo)?.status
        if status != .active, status != .leaving, !has(.reuseEtag) {
            fail("I3: a save of silo \(silo) commits although it is \(status.map { "\($0)" } ?? "unknown")")
        }
        if !after.starts(with: before) { fail("I4: silo \(silo) overwrites \(grain): \(before) -> \(after)") }
        if let call = after.first(where: { reportedFailed.contains($0) }) {
            fail("I5: call \(call) to \(grain) was reported as failed, and is stored now")
        }
        if process.isAlive, process.catalog[row.grain]?.number != row.activation {
            fail("I6: silo \(silo) stores \(grain), which it has released")
        }
    }

    /// I5, when a caller hears of success.
    func acknowledge(_ call: Int) {
        end(call, failed: false)
        guard calls[call].isWrite, !calls[call].isBehind else { return }
        let grain = calls[call].grain
        acknowledged[grain].append(UInt32(call))
        if database.rows[grains[grain]]?.value.calls.contains(UInt32(call)) != true {
            fail("I5: call \(call) to \(grains[grain]) is acknowledged, but not stored")
        }
    }

    /// I1, whenever a view is installed.
    func checkView(_ view: ClusterView) {
        guard let known = views[view.number] else {
            views[view.number] = view
            return
        }
        var isEqual = known.token == view.token
        // Rows may be swept from what is read later; those that are there are the same.
        var index = 0
        for row in view.members {
            while index < known.members.count, known.members[index].silo < row.silo { index += 1 }
            guard index < known.members.count else {
                isEqual = false
                break
            }
            let other = known.members[index]
            isEqual =
                isEqual && row.silo == other.silo && row.status == other.status && row.ringFrom == other.ringFrom
                && row.ringTo == other.ringTo && row.ended == other.ended && row.fenced == other.fenced
        }
        if !isEqual { fail("I1: there are two views \(view.number)") }
    }

    /// I9: while all is well, a grain that nobody else holds does not wait.
    func checkParked(_ process: SimulatedProcess) {
        if process.parkedSince.isEmpty || now < lastTrouble + 6_000_000 || isTroubled { return }
        for (grain, since) in process.parkedSince where now - since > 1_000_000 && now - since < 60_000_000 {
            if grain != 0, holders[grain].isEmpty, since > lastTrouble + 6_000_000,
                process.parkedCalls[grain]?.isEmpty == false,
                database.view.number == process.ownership?.installed, isServing(process)
            {
                fail(
                    "I9: \(grains[grain]) waits at silo \(process.silo ?? 0) for \(process.ownership?.waits(for: grains[grain]) ?? []) although nobody holds it"
                )
            }
        }
    }

    var isTroubled: Bool { hasFaults || processes.contains { $0.isAlive && isFrozen($0) } }

    /// Faults that nobody can make up for; a member that stands still is declared dead.
    var hasFaults: Bool {
        isDatabaseDown || isDatabaseSlow || !saturated.isEmpty || !partitions.isEmpty || !cutFromDatabase.isEmpty
    }

    /// Whether more than half of the active members of a process's view are within its reach and none of them is ahead.
    func isInMajority(_ process: SimulatedProcess) -> Bool {
        guard let view = process.membership.view else { return false }
        let active = view.active
        let near = active.count { member in
            guard let number = siloProcess[member.silo] else { return false }
            let other = processes[number]
            if other === process { return true }
            return other.isAlive && !isFrozen(other) && !isCut(process, other) && !isCut(other, process)
                && other.membership.view?.number ?? 0 <= view.number
        }
        return near * 2 > active.count
    }

    /// I5: nothing that was acknowledged is lost.
    func checkAcknowledged() {
        for grain in grains.indices {
            let stored = Set(database.rows[grains[grain]]?.value.calls ?? [])
            if let lost = acknowledged[grain].first(where: { !stored.contains($0) }) {
                fail("I5: the acknowledged call \(lost) to \(grains[grain]) is lost")
            }
            let held = holders[grain].flatMap { processes[$0].catalog[grain]?.state.calls ?? [] }
            if let lost = ranBehind[grain].first(where: {
                !stored.contains($0) && !lostBehind.contains($0) && !held.contains($0)
            }) {
                fail("O6: nobody reported that the unsaved call \(lost) to \(grains[grain]) is lost")
            }
        }
    }

    /// I5 and I10, when the faults have been over for long: exactly the silos of these slots are members and serve.
    func checkEnd(_ expected: some Collection<Int>) {
        checkAcknowledged()
        for slot in expected {
            guard slots[slot] >= 0 else {
                fail("I10: silo-\(slot) was never started")
                continue
            }
            let process = processes[slots[slot]]
            guard process.isAlive, process.membership.phase == .active, let silo = process.silo,
                database.member(silo)?.status == .active, process.ownership?.installed == database.view.number
            else {
                fail(
                    "I10: silo-\(slot) is \(process.membership.phase), view \(process.ownership?.installed ?? 0) of \(database.view.number)"
                )
                continue
            }
        }
        if database.view.live.count != expected.count {
            fail("I10: \(database.view.live.map(\.silo)) are still members")
        }
    }
}
