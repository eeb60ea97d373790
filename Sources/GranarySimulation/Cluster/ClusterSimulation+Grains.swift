internal import GranaryCluster

extension ClusterSimulation {
    /// Asks for a grain that is not held, for calls that are in `parkedCalls`.
    func want(_ grain: Int, at process: SimulatedProcess) {
        guard process.ownership != nil, process.catalog[grain] == nil else { return }
        _ = process.ownership?.setServing(isServing(process)).map { _ in 0 }
        guard let answer = process.ownership?.want(grains[grain]) else { return }
        perform(answer.actions, process)
        switch answer.verdict {
        case .activate(let view, let handover):
            if has(.waitForAll), processes.contains(where: { $0.isAlive && ($0.ownership?.foreignCount ?? 0) > 0 }) {
                scheduleFlush(process, grain, after: 50_000)
                process.parkedSince[grain] = process.parkedSince[grain] ?? now
                return
            }
            activate(grain, view: view, handover: handover, at: process)
        case .park:
            process.parkedSince[grain] = process.parkedSince[grain] ?? now
        case .moved:
            process.parkedSince[grain] = nil
            for call in process.parkedCalls.removeValue(forKey: grain) ?? [] {
                reply(.notStarted, to: call, from: process)
            }
        }
    }

    func activate(_ grain: Int, view: Int64, handover: GrainHandover?, at process: SimulatedProcess) {
        guard process.catalog[grain] == nil else { return }
        guard process.snapshotView == view else {
            want(grain, at: process)
            return
        }
        activationNumber += 1
        statistics.activations += 1
        var activation = SimulatedActivation(number: activationNumber)
        activation.queue = process.parkedCalls.removeValue(forKey: grain) ?? []
        process.parkedSince[grain] = nil
        process.catalog[grain] = activation
        holders[grain].insert(process.number)
        checkActivation(of: grain, in: view, at: process)
        note("process \(process.number) (\(process.silo ?? 0)) activates \(grains[grain]) in view \(view)")
        if let state = handover?.states.first {
            statistics.warmActivations += 1
            var value = SimulatedState()
            for start in stride(from: 0, to: state.payload.count, by: 4) {
                value.calls.append((0..<4).reduce(0) { $0 << 8 | UInt32(state.payload[start + $1]) })
            }
            // The first number says how many of the last ones are not saved.
            let unsaved = Int(value.calls.removeFirst())
            process.catalog[grain]?.unsaved = value.calls.suffix(unsaved)
            if unsaved > 0 {
                events.push(
                    .saveBehind(process: process.number, grain: grain, activation: activationNumber),
                    at: now + 20_000)
            }
            serve(process, grain, value, etag: state.etag.flatMap { UInt64($0) })
        } else {
            requestLoad(process, grain, activationNumber)
        }
        checkHolders(grain)
    }

    func loaded(_ process: SimulatedProcess, _ grain: Int, _ activation: Int, _ row: SimulatedDatabase.Row?) {
        guard let entry = process.catalog[grain], entry.number == activation, case .loading = entry.phase else {
            return
        }
        serve(process, grain, row?.value ?? SimulatedState(), etag: row?.etag)
    }

    private func serve(_ process: SimulatedProcess, _ grain: Int, _ state: SimulatedState, etag: UInt64?) {
        process.catalog[grain]?.phase = .serving
        process.catalog[grain]?.state = state
        process.catalog[grain]?.etag = etag
        // A member that ended may still begin, within its bound; what it sees is judged by that.
        if let silo = process.silo, database.member(silo)?.status.isLive == true {
            let stored = database.rows[grains[grain]]
            let saved = state.calls.dropLast(process.catalog[grain]?.unsaved.count ?? 0)
            if stored?.etag != etag || (stored?.value.calls ?? [])[...] != saved {
                fail(
                    "I6: silo \(silo) starts \(grains[grain]) from \(state.calls), stored is \(stored?.value.calls ?? [])"
                )
            }
        }
        beginTurn(process, grain)
        closeIfDone(process, grain)
    }

    func beginTurn(_ process: SimulatedProcess, _ grain: Int) {
        guard process.isAlive, let entry = process.catalog[grain], case .serving = entry.phase, entry.running == nil,
            entry.save == nil, !entry.isClosing
        else { return }
        while let call = process.catalog[grain]?.queue.first {
            guard isServing(process) else { return }
            let isOver = calls[call].deadline <= now || calls[call].isEnded
            // A change has to be saved before its window is over: until it is, nothing more is changed (S8).
            if !isOver, calls[call].isWrite, !has(.outliveWindow), let oldest = entry.unsaved.first,
                now - calls[Int(oldest)].changed >= Self.flushWindow
            {
                statistics.waitsForFlush += 1
                return
            }
            process.catalog[grain]?.queue.removeFirst()
            if isOver { continue }
            process.catalog[grain]?.running = call
            started(call, at: process)
            let slow = grain == 0 && (isHealed ? now >= slowFrom && now - slowFrom < 1_000_000 : random.chance(0.05))
            let isLong = !isHealed && random.chance(0.01)
            let length =
                slow ? random.time(1_000_000...2_500_000) : random.time(isLong ? 8_000...800_000 : 200...8_000)
            events.push(
                .turnEnds(process: process.number, grain: grain, activation: entry.number, call: call), at: now + length
            )
            return
        }
    }

    /// Whatever the gate was closed for is done: the grain goes.
    func closeIfDone(_ process: SimulatedProcess, _ grain: Int) {
        guard let entry = process.catalog[grain], entry.isClosing else { return }
        if case .loading = entry.phase {
            // A load has no effect: it need not be waited for.
        } else if entry.running != nil || entry.save != nil {
            if !(has(.releaseUnsaved) && entry.save != nil) { return }
        }
        let isDirty = !entry.unsaved.isEmpty
        if isDirty, entry.save == nil, reachesDatabase(process) {
            saveBehind(process, grain, entry.number)
            return
        }
        var handover: (states: [HandedState], dirty: Bool)?
        if case .serving = entry.phase, isDirty || random.chance(0.7) {
            let payload = ([UInt32(entry.unsaved.count)] + entry.state.calls).flatMap { call in
                [UInt8(call >> 24), UInt8(call >> 16 & 0xff), UInt8(call >> 8 & 0xff), UInt8(call & 0xff)]
            }
            handover = ([HandedState(name: "state", etag: entry.etag.map { "\($0)" }, payload: payload)], isDirty)
        }
        drop(process, grain, handover: handover)
        for call in entry.queue { reply(.notStarted, to: call, from: process) }
    }

    /// A turn outlives the hand-over limit: in fast mode the grain goes without it (O8).
    func seal(_ process: SimulatedProcess, _ grain: Int, _ activation: Int) {
        guard let entry = process.catalog[grain], entry.number == activation, entry.save == nil, entry.isClosing,
            let running = entry.running
        else { return }
        statistics.sealedTurns += 1
        note("process \(process.number) (\(process.silo ?? 0)) seals \(grains[grain]) with call \(running)")
        process.sealed[activation] = entry
        drop(process, grain, handover: nil)
        // The silo says so; of the turn itself nothing is heard any more.
        reply(.unknown, to: running, from: process)
        for call in entry.queue { reply(.notStarted, to: call, from: process) }
    }

    /// The activation is gone.
    func drop(_ process: SimulatedProcess, _ grain: Int, handover: (states: [HandedState], dirty: Bool)?) {
        let unsaved = process.catalog[grain]?.unsaved ?? []
        if handover?.dirty == true {
            process.unsettled[grain, default: []] += unsaved
        } else {
            lostBehind.formUnion(unsaved)
        }
        process.catalog[grain] = nil
        holders[grain].remove(process.number)
        lettingGo[grain] = max(lettingGo[grain], process.ownership?.installed ?? 0)
        note("process \(process.number) (\(process.silo ?? 0)) drops \(grains[grain])")
        perform(process.ownership?.letGo(grains[grain], handover: handover) ?? [], process)
        if process.parkedCalls[grain]?.isEmpty == false { want(grain, at: process) }
    }
}
