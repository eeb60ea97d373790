internal import GranaryCluster

extension ClusterSimulation {
    func start(_ slot: Int) {
        guard slots[slot] < 0 || !processes[slots[slot]].isAlive else { return }
        let number = processes.count
        var settings = MembershipSettings(mode: options.mode)
        settings.grace = .seconds(options.graceSeconds)
        settings.suspectsSilence = !has(.neverSuspect)
        let types = slot % 4 == 3 ? ["Cart"] : ["Cart", "Order"]
        // Later processes are of later programs, and every third one lets no earlier ones serve beside it.
        let version = 1 + number / 4
        let order = ClusterTypeVersion(number: version, oldestBeside: number % 3 == 0 ? version : 1)
        let candidate = ClusterCandidate(
            incarnation: "i\(number)", name: "silo-\(slot)", address: "p\(number)", weight: slot % 3 == 2 ? 2 : 1,
            types: types, leaseMilliseconds: 3_000, versions: options.hasVersions ? ["Order": order] : nil)
        let process = SimulatedProcess(
            number: number, slot: slot, offset: random.time(0...1_000_000_000),
            rate: 1 + (Double(random.below(800)) - 400) / 1_000_000,
            membership: MembershipMachine(candidate: candidate, settings: settings))
        processes.append(process)
        slots[slot] = number
        note("process \(number) starts as silo-\(slot)")
        events.push(.tick(process: number), at: now + random.time(0...20_000))
        events.push(.issue(process: number), at: now + random.time(0...100_000))
        perform(process.membership.start(now: process.clock(now)), process)
    }

    func tick(_ process: SimulatedProcess) {
        process.hasTick = false
        events.push(.tick(process: process.number), at: now + random.time(18_000...22_000))
        // Only of one that died it matters.
        if options.mode == .fast, let silo = process.silo, deaths[silo] != nil, isInMajority(process) {
            process.lastMajority = now
        }
        let waiting = process.ownership?.isWaiting ?? false
        perform(process.membership.tick(now: process.clock(now), isWaiting: waiting), process)
        perform(process.ownership?.tick() ?? [], process)
        settle(process)
        checkParked(process)
    }

    func isServing(_ process: SimulatedProcess) -> Bool {
        if has(.serveAfterLease) { return process.membership.lease.renewed != nil && !process.membership.phase.isOver }
        if let close = process.gatesClose {
            return now < close && process.membership.lease.isServing(at: process.clock(now), inMajority: false)
        }
        return process.membership.isServing(at: process.clock(now))
    }

    /// Tells one machine what the other one has to know.
    func settle(_ process: SimulatedProcess) {
        guard process.isAlive, process.ownership != nil else { return }
        let actions = process.ownership?.setServing(isServing(process)) ?? []
        perform(actions, process)
        guard process.isAlive, process.membership.phase == .leaving, let own = process.ownership else { return }
        let drained =
            own.isSettled && process.catalog.isEmpty
            && own.installed >= (process.membership.view?.member(own.silo)?.ringTo ?? .max)
        perform(process.membership.setDrained(drained, now: process.clock(now)), process)
    }

    func perform(_ actions: [MembershipAction], _ process: SimulatedProcess) {
        for action in actions {
            guard process.isAlive else { return }
            switch action {
            case .store(let request, let tag):
                let released = process.ownership?.released ?? 0
                events.push(
                    .storeArrives(process: process.number, request, released: released, tag: tag),
                    at: now + storeDelay())
            case .send(let message, let silo):
                sendControl(message, from: process, to: silo)
            case .dial(let silo):
                events.push(.dial(process: process.number, silo: silo), at: now + networkDelay())
            case .install(let view):
                checkView(view)
                note("process \(process.number) (\(process.silo ?? 0)) installs view \(view.number)")
                perform(process.ownership?.install(view) ?? [], process)
                installed(process)
            case .read(let view):
                perform(process.ownership?.read(view) ?? [], process)
            case .bury(let silo):
                perform(process.ownership?.bury(silo) ?? [], process)
            case .joined(let silo):
                process.silo = silo
                siloProcess[silo] = process.number
                var settings = OwnershipSettings(mode: options.mode, hashKey: hashKey)
                settings.pointsPerWeight = 8
                settings.backgroundReleases = 2
                settings.hashesPerRelease = 2
                settings.releasesPerTick = 3
                settings.hashesPerMessage = options.hashesPerMessage
                if has(.releasedOrDead) { settings.weakness.insert(.releasedOrDead) }
                if has(.skipWatermark) { settings.weakness.insert(.skipWatermark) }
                if has(.buryAtOnce) { settings.weakness.insert(.buryAtOnce) }
                if has(.trustHandovers) { settings.weakness.insert(.trustHandovers) }
                if has(.trustNewerReleases) { settings.weakness.insert(.trustNewerReleases) }
                process.ownership = OwnershipMachine(silo: silo, settings: settings)
                note("process \(process.number) is silo \(silo)")
            case .entered(let phase):
                note("process \(process.number) (\(process.silo ?? 0)) is \(phase)")
                if phase.isOver { end(process) }
                if phase == .active { dieYoung(process) }
            }
        }
    }

    func perform(_ actions: [OwnershipAction], _ process: SimulatedProcess) {
        for action in actions {
            guard process.isAlive else { return }
            switch action {
            case .survey(let snapshot):
                process.snapshot = snapshot
                process.snapshotView = snapshot.view
                events.push(
                    .surveyed(process: process.number, view: snapshot.view), at: now + random.time(0...4_000))
            case .send(let message, let silo):
                // A silo that ended has nothing to say any more.
                if process.membership.phase.isOver { continue }
                send(.cluster(message), from: process, to: siloProcess[silo] ?? process.number)
            case .learnView(let number, let silo):
                perform(
                    process.membership.learnView(atLeast: number, from: silo, now: process.clock(now)), process)
            case .activate(let grain, let view, let handover):
                guard let index = grainIndex[grain] else { continue }
                activate(index, view: view, handover: handover, at: process)
            case .bounce(let grain, _):
                guard let index = grainIndex[grain] else { continue }
                let calls = process.parkedCalls.removeValue(forKey: index) ?? []
                process.parkedSince[index] = nil
                for call in calls { reply(.notStarted, to: call, from: process) }
            case .letGo(let grain):
                guard let index = grainIndex[grain] else { continue }
                if process.catalog[index] == nil {
                    perform(process.ownership?.letGo(grain) ?? [], process)
                } else {
                    process.catalog[index]?.isClosing = true
                    closeIfDone(process, index)
                    if options.mode == .fast, let entry = process.catalog[index] {
                        events.push(
                            .handoverLimit(process: process.number, grain: index, activation: entry.number),
                            at: now + Self.handoverLimit)
                    }
                }
            case .reopen(let grain):
                guard let index = grainIndex[grain], process.catalog[index] != nil else { continue }
                process.catalog[index]?.isClosing = false
                beginTurn(process, index)
            case .adopt(let grain):
                guard let index = grainIndex[grain], process.catalog[index] == nil else { continue }
                want(index, at: process)
            case .settled(let grain, let used):
                guard let index = grainIndex[grain] else { continue }
                let calls = process.unsettled.removeValue(forKey: index) ?? []
                if used {
                    statistics.dirtyHandovers += 1
                } else if !has(.hideLoss) {
                    lostBehind.formUnion(calls)
                }
            }
        }
    }

    func survey(_ process: SimulatedProcess, _ view: Int64) {
        guard let snapshot = process.snapshot, snapshot.view == view else { return }
        let found = process.catalog.keys.sorted().map { grains[$0] }.filter { !snapshot.owns($0) }
        process.ownership?.foreign(found, in: view)
        perform(process.ownership?.surveyed(view) ?? [], process)
        settle(process)
    }

    /// The process was declared dead, or has left: it exits, in the strict mode after a while.
    ///
    /// That long it goes on with its gates closed: its turns end, its saves are refused, and the others learn that it
    /// serves no more.
    private func end(_ process: SimulatedProcess) {
        guard options.mode == .strict, process.membership.phase != .left else {
            return exit(process, restart: true)
        }
        if has(.proveEarly) { process.gatesClose = now + random.time(0...300_000) }
        events.push(.exit(process: process.number), at: now + random.time(0...500_000))
    }

    /// The process is gone; its sockets are closed by its system.
    func exit(_ process: SimulatedProcess, restart: Bool) {
        guard process.isAlive else { return }
        note("process \(process.number) (\(process.silo ?? 0)) exits")
        process.isAlive = false
        for entry in process.catalog.values { lostBehind.formUnion(entry.unsaved) }
        for calls in process.unsettled.values { lostBehind.formUnion(calls) }
        for grain in grains.indices { holders[grain].remove(process.number) }
        for index in calls.indices.suffix(4_000) where calls[index].caller == process.number {
            calls[index].isEnded = true
        }
        let wasLeft = process.membership.phase == .left
        for other in processes where other.isAlive && other.silo != nil && process.silo != nil && !wasLeft {
            if isCut(process, other) { continue }
            let free = linkFree[LinkKey(from: process.number, to: other.number), default: 0]
            events.push(
                .closed(process: process.number, to: other.number), at: max(free, now + networkDelay()) + 1)
        }
        if restart, restarts {
            events.push(.start(slot: process.slot), at: now + random.time(200_000...(isHealed ? 1_000_000 : 4_000_000)))
        }
    }
}
