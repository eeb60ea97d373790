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
            process.catalog[grain]?.queue.removeFirst()
            if calls[call].deadline <= now || calls[call].isEnded { continue }
            process.catalog[grain]?.running = call
            started(call, at: process)
            let slow = grain == 0 && (isHealed ? now >= slowFrom && now - slowFrom < 1_000_000 : random.chance(0.05))
            let length = slow ? random.time(1_000_000...2_500_000) : random.time(200...8_000)
            events.push(
                .turnEnds(process: process.number, grain: grain, activation: entry.number, call: call), at: now + length
            )
            return
        }
    }

    func turnEnded(_ process: SimulatedProcess, _ grain: Int, _ activation: Int, _ call: Int) {
        guard var entry = process.catalog[grain], entry.number == activation, entry.running == call else { return }
        entry.running = nil
        guard calls[call].isWrite else {
            process.catalog[grain] = entry
            if isServing(process) { reply(.done, to: call, from: process) }
            beginTurn(process, grain)
            closeIfDone(process, grain)
            return
        }
        if calls[call].isBehind {
            entry.state.calls.append(UInt32(call))
            entry.unsaved.append(UInt32(call))
            ranBehind[grain].append(UInt32(call))
            process.catalog[grain] = entry
            if isServing(process) { reply(.done, to: call, from: process) }
            events.push(
                .saveBehind(process: process.number, grain: grain, activation: activation),
                at: now + random.time(50_000...600_000))
            beginTurn(process, grain)
            closeIfDone(process, grain)
            return
        }
        etagNumber += 1
        var next = entry.state
        next.calls.append(UInt32(call))
        let save = SimulatedSave(
            expected: entry.etag, next: has(.reuseEtag) ? UInt64(next.calls.count) : etagNumber << 8, value: next)
        entry.save = save
        entry.running = call
        process.catalog[grain] = entry
        // Issuing a save is one of the moments at which serving is checked; without a lease it waits.
        if isServing(process) {
            sendSave(save, process, grain, activation)
        } else {
            events.push(
                .saveRetry(process: process.number, grain: grain, activation: activation, etag: save.next),
                at: now + 100_000)
        }
        if has(.acknowledgeEarly) { reply(.done, to: call, from: process) }
        closeIfDone(process, grain)
    }

    /// Saves what the turns since the last save changed; between turns, and none begins meanwhile.
    func saveBehind(_ process: SimulatedProcess, _ grain: Int, _ activation: Int) {
        guard let entry = process.catalog[grain], entry.number == activation, entry.save == nil,
            !entry.unsaved.isEmpty
        else { return }
        // While the database is known to be away nothing is sent, so nothing is unresolved: the state can go unsaved.
        guard entry.running == nil, isServing(process), reachesDatabase(process) else {
            events.push(
                .saveBehind(process: process.number, grain: grain, activation: activation), at: now + 20_000)
            return
        }
        etagNumber += 1
        let save = SimulatedSave(
            expected: entry.etag, next: has(.reuseEtag) ? UInt64(entry.state.calls.count) : etagNumber << 8,
            value: entry.state)
        process.catalog[grain]?.save = save
        sendSave(save, process, grain, activation)
    }

    func retrySave(_ process: SimulatedProcess, _ grain: Int, _ activation: Int, _ etag: UInt64) {
        guard let entry = process.catalog[grain], entry.number == activation, var save = entry.save, save.next == etag
        else { return }
        save.attempts += 1
        process.catalog[grain]?.save = save
        sendSave(save, process, grain, activation)
    }

    func saved(
        _ process: SimulatedProcess, _ grain: Int, _ activation: Int, _ etag: UInt64,
        _ outcome: SimulatedDatabase.SaveOutcome
    ) {
        guard var entry = process.catalog[grain], entry.number == activation, let save = entry.save,
            save.next == etag
        else { return }
        let call = entry.running
        switch outcome {
        case .saved:
            entry.save = nil
            entry.running = nil
            entry.state = save.value
            entry.etag = save.next
            entry.unsaved = []
            process.catalog[grain] = entry
            if let call, isServing(process) { reply(.done, to: call, from: process) }
            beginTurn(process, grain)
            closeIfDone(process, grain)
        case .fenced:
            exit(process, restart: true)
        case .busy:
            events.push(
                .saveRetry(process: process.number, grain: grain, activation: activation, etag: save.next),
                at: now + 10_000)
        case .conflict:
            // An answer to an earlier attempt may say that the later one was already applied.
            if save.attempts > 1, database.rows[grains[grain]]?.etag == save.next { return }
            note("process \(process.number) (\(process.silo ?? 0)) has a conflict on \(grains[grain])")
            if let call { reply(.failed, to: call, from: process) }
            let queue = entry.queue
            drop(process, grain, handover: nil)
            for call in queue { requeue(call, at: process) }
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
        note("process \(process.number) (\(process.silo ?? 0)) drops \(grains[grain])")
        perform(process.ownership?.letGo(grains[grain], handover: handover) ?? [], process)
        if process.parkedCalls[grain]?.isEmpty == false { want(grain, at: process) }
    }
}
