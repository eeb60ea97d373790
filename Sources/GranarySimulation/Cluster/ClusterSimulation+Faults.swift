internal import GranaryCluster

extension ClusterSimulation {
    func startFault() {
        if isHealed { return }
        let running = processes.filter { $0.isAlive && $0.silo != nil }
        guard let victim = random.pick(running) else { return }
        lastTrouble = now
        if random.chance(0.1) { jumpWallClock(by: random.time(-8_000...8_000) * 1_000_000) }
        let length = random.chance(0.3) ? random.time(3_000_000...8_000_000) : random.time(100_000...3_000_000)
        switch isRestless && random.chance(0.8) ? 36 : random.below(100) {
        case 0..<20:
            statistics.crashes += 1
            note("process \(victim.number) (\(victim.silo ?? 0)) is killed")
            exit(victim, restart: true)
        case 20..<36:
            freeze(victim, for: length)
        case 36..<40:
            delayNews(of: victim, running)
        case 40..<52:
            let side = Set(slots.indices.filter { _ in random.chance(0.4) })
            partition(side, oneWay: false, for: length)
        case 52..<62:
            partition([victim.slot], oneWay: random.chance(0.5), for: length)
        case 62..<68:
            note("the database goes away")
            isDatabaseDown = true
            events.push(.undo(.databaseDown), at: now + length)
        case 68..<72:
            note("the database is slow")
            isDatabaseSlow = true
            events.push(.undo(.slowDatabase), at: now + length)
        case 72..<80:
            note("silo-\(victim.slot) is cut from the database")
            cutFromDatabase.insert(victim.slot)
            events.push(.undo(.databaseUnreachable(slot: victim.slot)), at: now + length)
        case 80..<92:
            guard !isFrozen(victim) else { return }
            note("process \(victim.number) (\(victim.silo ?? 0)) is asked to leave")
            perform(victim.membership.leave(now: victim.clock(now)), victim)
        case 92..<96 where saturated.isEmpty:
            note("the data links of silo-\(victim.slot) are full")
            saturated = [victim.slot]
            events.push(.undo(.saturated), at: now + length)
            // Whoever joins meanwhile dies young: grains go and come back while calls are under way.
            if let other = random.pick(running), other !== victim {
                note("process \(other.number) (\(other.silo ?? 0)) is killed")
                exit(other, restart: true)
            }
        default:
            if let other = random.pick(running), other !== victim { loseSession(victim, other) }
        }
    }

    /// Views come late to a silo, which therefore goes on in an old one; often several changes follow each other meanwhile,
    /// so that grains move on before they have come to it.
    private func delayNews(of victim: SimulatedProcess, _ running: [SimulatedProcess]) {
        note("news of views come late to silo-\(victim.slot)")
        lateNews.insert(victim.slot)
        events.push(.undo(.lateNews(slot: victim.slot)), at: now + random.time(1_000_000...6_000_000))
        let others = running.filter { $0 !== victim }
        guard random.chance(0.8), let gone = random.pick(others) else { return }
        if random.chance(0.5) {
            note("process \(gone.number) (\(gone.silo ?? 0)) is killed")
            exit(gone, restart: true)
        } else if !isFrozen(gone) {
            note("process \(gone.number) (\(gone.silo ?? 0)) is asked to leave")
            perform(gone.membership.leave(now: gone.clock(now)), gone)
        }
        for slot in slots.indices { events.push(.start(slot: slot), at: now + random.time(20_000...800_000)) }
        if let leaving = random.pick(others), leaving !== gone, !isFrozen(leaving) {
            note("process \(leaving.number) (\(leaving.silo ?? 0)) is asked to leave")
            perform(leaving.membership.leave(now: leaving.clock(now)), leaving)
        }
    }

    /// A member that became active while data links are full dies soon, more often than not.
    func dieYoung(_ process: SimulatedProcess) {
        if isHealed || saturated.isEmpty || !random.chance(0.7) { return }
        events.push(.kill(process: process.number), at: now + random.time(20_000...300_000))
    }

    func kill(_ process: SimulatedProcess) {
        statistics.crashes += 1
        note("process \(process.number) (\(process.silo ?? 0)) is killed")
        lastTrouble = max(lastTrouble, now)
        exit(process, restart: true)
    }

    /// The database's wall clock is set, forwards or back, and somebody sweeps: only rows that nobody needs may go.
    func jumpWallClock(by length: Int64) {
        wallOffset += length
        database.wall = now + wallOffset
        let swept = database.sweep()
        statistics.sweptMembers += swept
        note("the wall clock jumps by \(length / 1_000_000) s, \(swept) members are swept")
    }

    func freeze(_ process: SimulatedProcess, for length: Int64) {
        guard !isFrozen(process) else { return }
        statistics.freezes += 1
        note("process \(process.number) (\(process.silo ?? 0)) freezes for \(length / 1_000) ms")
        process.frozenUntil = now + length
        events.push(.wake(process: process.number), at: now + length)
    }

    func wake(_ process: SimulatedProcess) {
        guard process.isAlive, let until = process.frozenUntil, until <= now else { return }
        note("process \(process.number) (\(process.silo ?? 0)) wakes")
        process.frozenUntil = nil
        lastTrouble = max(lastTrouble, now)
        let stalled = process.stalled
        process.stalled = []
        process.hasTick = false
        // At once: nothing that comes later may overtake what lay unread.
        for event in stalled { handle(event) }
    }

    func partition(_ slots: Set<Int>, oneWay: Bool, for length: Int64) {
        if slots.isEmpty || slots.count == self.slots.count { return }
        note("silos \(slots.sorted()) are cut off\(oneWay ? ", one way," : "") for \(length / 1_000) ms")
        partitions.append((slots, oneWay))
        events.push(.undo(.partition(slots, oneWay: oneWay)), at: now + length)
    }

    func undo(_ fault: SimulatedFault) {
        lastTrouble = max(lastTrouble, now)
        switch fault {
        case .partition(let slots, let oneWay):
            if let index = partitions.firstIndex(where: { $0.slots == slots && $0.oneWay == oneWay }) {
                partitions.remove(at: index)
                note("silos \(slots.sorted()) are reached again")
            }
            resumeLinks()
        case .databaseDown:
            isDatabaseDown = false
            note("the database is back")
        case .slowDatabase: isDatabaseSlow = false
        case .saturated: saturated = []
        case .lateNews(let slot): lateNews.remove(slot)
        case .databaseUnreachable(let slot): cutFromDatabase.remove(slot)
        }
    }

    func leaveSlowly() {
        guard let holder = holders[0].min().map({ processes[$0] }) ?? processes.last(where: \.isAlive),
            holder.isAlive, !isFrozen(holder)
        else { return }
        slowFrom = now
        call(0, from: holder, isWrite: false, timeout: 4_000_000)
        note("process \(holder.number) (\(holder.silo ?? 0)) is asked to leave")
        perform(holder.membership.leave(now: holder.clock(now)), holder)
    }

    func heal() {
        note("all faults are over")
        isHealed = true
        lastTrouble = now
        partitions = []
        saturated = []
        isDatabaseDown = false
        isDatabaseSlow = false
        lateNews = []
        cutFromDatabase = []
        for process in processes where process.isAlive && isFrozen(process) {
            process.frozenUntil = now
            wake(process)
        }
        resumeLinks()
        // Sometimes one silo stands still for long: the others have to go on without it.
        if random.chance(0.3), let victim = random.pick(processes.filter { $0.isAlive && $0.silo != nil }) {
            freeze(victim, for: 12_500_000)
        }
    }
}
