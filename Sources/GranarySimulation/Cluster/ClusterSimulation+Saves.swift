internal import GranaryCluster

extension ClusterSimulation {
    func turnEnded(_ process: SimulatedProcess, _ grain: Int, _ activation: Int, _ call: Int) {
        guard var entry = process.catalog[grain], entry.number == activation, entry.running == call else {
            sealedTurnEnded(process, grain, activation, call)
            return
        }
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
            calls[call].changed = now
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
            expected: entry.etag, next: has(.reuseEtag) ? UInt64(next.calls.count) : etagNumber << 8, value: next,
            isBad: !isHealed && random.chance(0.005))
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
        if has(.freshEtagOnResend) {
            etagNumber += 1
            save.next = etagNumber << 8
            save.attempts = 1
        }
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
            perform(process.membership.saveRefused(now: process.clock(now)), process)
        case .busy:
            process.catalog[grain]?.save?.isAlone = true
            events.push(
                .saveRetry(process: process.number, grain: grain, activation: activation, etag: save.next),
                at: now + 10_000)
        case .refused:
            entry.save = nil
            entry.running = nil
            process.catalog[grain] = entry
            if let call { reportFailure(of: call, from: process) }
            if !entry.unsaved.isEmpty {
                events.push(.saveBehind(process: process.number, grain: grain, activation: activation), at: now)
            }
            beginTurn(process, grain)
            closeIfDone(process, grain)
        case .conflict:
            // An answer to an earlier attempt may say that the later one was already applied.
            if save.attempts > 1, database.rows[grains[grain]]?.etag == save.next { return }
            note("process \(process.number) (\(process.silo ?? 0)) has a conflict on \(grains[grain])")
            // After a resend a later writer may have built on it (S4).
            if let call, save.attempts > 1 {
                reply(.unknown, to: call, from: process)
            } else if let call {
                reportFailure(of: call, from: process)
            }
            let queue = entry.queue
            drop(process, grain, handover: nil)
            for call in queue { requeue(call, at: process) }
        }
    }

    /// What a turn did when its grain had been let go of without it: nothing of it leaves the silo (O8).
    private func sealedTurnEnded(_ process: SimulatedProcess, _ grain: Int, _ activation: Int, _ call: Int) {
        guard let entry = process.sealed.removeValue(forKey: activation), has(.leakySeal), calls[call].isWrite else {
            return
        }
        etagNumber += 1
        var value = entry.state
        value.calls.append(UInt32(call))
        sendSave(
            SimulatedSave(expected: entry.etag, next: etagNumber << 8, value: value), process, grain, activation)
    }

    /// Says that the call's change is not stored and never will be.
    private func reportFailure(of call: Int, from process: SimulatedProcess) {
        let grain = calls[call].grain
        reportedFailed.insert(UInt32(call))
        if database.rows[grains[grain]]?.value.calls.contains(UInt32(call)) == true {
            fail("I5: call \(call) to \(grains[grain]) is reported as failed, but stored")
        }
        reply(.failed, to: call, from: process)
    }

    /// Puts a save into the next statement, which is sent again with the same etags until there is an answer (S4).
    private func sendSave(_ save: SimulatedSave, _ process: SimulatedProcess, _ grain: Int, _ activation: Int) {
        let row = SimulatedSaveRow(grain: grain, activation: activation, save: save)
        events.push(
            .saveRetry(process: process.number, grain: grain, activation: activation, etag: save.next),
            at: now + 500_000)
        if save.isAlone {
            events.push(.saveArrives(process: process.number, [row]), at: now + storeDelay())
            return
        }
        process.outbox.removeAll { $0.grain == grain }
        process.outbox.append(row)
        if process.outbox.count == 1 {
            events.push(.batchLeaves(process: process.number), at: now + random.time(20...2_000))
        }
    }

    /// Sends what waits to be saved in one statement.
    func sendBatch(_ process: SimulatedProcess) {
        let rows = process.outbox.filter {
            process.catalog[$0.grain]?.save?.next == $0.save.next || has(.leakySeal) || has(.releaseUnsaved)
        }
        process.outbox = []
        if rows.isEmpty { return }
        events.push(.saveArrives(process: process.number, rows), at: now + storeDelay())
    }

    func execute(_ rows: [SimulatedSaveRow], for process: SimulatedProcess) {
        guard reachesDatabase(process) else { return }
        var outcomes: [SimulatedDatabase.SaveOutcome] = []
        if rows.count > 1 { statistics.batches += 1 }
        if rows.count > 1, rows.contains(where: \.save.isBad) || !isHealed && random.chance(0.03) {
            // Nothing of the batch is committed (S3).
            statistics.failedBatches += 1
            outcomes = Array(repeating: has(.trustFailedBatch) ? .saved : .busy, count: rows.count)
        } else {
            outcomes = rows.map { execute($0, for: process) }
        }
        guard answerArrives(process) else { return }
        let time = now + storeDelay()
        for (row, outcome) in zip(rows, outcomes) {
            events.push(
                .saveAnswers(
                    process: process.number, grain: row.grain, activation: row.activation, etag: row.save.next,
                    outcome), at: time)
        }
    }

    private func execute(_ row: SimulatedSaveRow, for process: SimulatedProcess) -> SimulatedDatabase.SaveOutcome {
        guard let silo = process.silo else { return .busy }
        if row.save.isBad { return .refused }
        if !isHealed, random.chance(0.03) {
            statistics.busySaves += 1
            return .busy
        }
        let grain = grains[row.grain]
        let before = database.rows[grain]
        let outcome = database.save(
            grain, by: silo, expected: row.save.expected, next: row.save.next, value: row.save.value)
        if let after = database.rows[grain], after != before {
            checkCommit(row, of: process, silo, before: before?.value.calls ?? [], after: after.value.calls)
        }
        return outcome
    }
}
