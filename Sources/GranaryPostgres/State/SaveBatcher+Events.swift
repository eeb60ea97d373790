import GranaryCore

extension SaveBatcher {
    /// The server answered a batch.
    ///
    /// - Parameters:
    ///   - batch: The batch.
    ///   - answers: What the server answered.
    ///   - now: The time.
    /// - Returns: The saves that have come to their end.
    mutating func answered(_ batch: Batch, _ answers: SaveAnswers, at now: Duration) -> [Resolution] {
        lanes.ended(batch.entries.count)
        var resolutions: [Resolution] = []
        resolutions.reserveCapacity(batch.entries.count)
        switch answers {
        case .allSaved:
            for entry in batch.entries { resolve(entry, .success(.saved), into: &resolutions) }
        case .unsaved:
            var batch = batch
            batch.wasTriedAlone = true
            retryAtOnce(batch, at: now)
        case .rows(let answers):
            resolve(batch, answers, at: now, into: &resolutions)
        }
        return resolutions
    }

    /// Ends the saves of a batch that got an answer for each of its rows, or sends them again.
    private mutating func resolve(
        _ batch: Batch, _ answers: [SaveRowAnswer?], at now: Duration, into resolutions: inout [Resolution]
    ) {
        var row = 0
        for entry in batch.entries {
            let rows = answers[row..<(row + entry.request.writes.count)]
            row += entry.request.writes.count
            if rows.allSatisfy({ $0?.outcome == .saved }) {
                resolve(entry, .success(.saved), into: &resolutions)
            } else if rows.contains(nil) {
                let error = StorageError(.outcomeUnknown, "The database gave no outcome for \(entry.request.grain).")
                resolve(entry, .failure(error), into: &resolutions)
            } else if rows.contains(where: { $0?.outcome == .busy }) {
                again(entry, batch: batch, because: "its row is locked by another transaction", at: now, &resolutions)
            } else {
                resolve(entry, judge(entry, Array(rows)), into: &resolutions)
            }
        }
    }

    /// Judges an entry that was fenced or conflicted.
    private func judge(_ entry: Entry, _ rows: [SaveRowAnswer?]) -> Result<StateSaveOutcome, StorageError> {
        // S4: an earlier copy may have been committed before a later writer, or before this member's death.
        if entry.isUncertain {
            let what =
                rows.contains { $0?.outcome == .fenced } ? "this silo was declared dead" : "the state has changed"
            return .failure(
                StorageError(
                    .outcomeUnknown,
                    "The answer to the save of \(entry.request.grain) was lost, and when it was sent again \(what): "
                        + "whether it was committed cannot be told."))
        }
        if rows.contains(where: { $0?.outcome == .fenced }) { return .success(.fenced) }
        let conflicts = zip(entry.request.writes, rows).compactMap { write, row -> StateConflict? in
            guard let row, row.outcome == .conflict else { return nil }
            return StateConflict(name: write.name, expected: write.expected, stored: row.stored)
        }
        return .success(.conflict(conflicts))
    }

    /// The server rolled a batch back (S3).
    ///
    /// - Parameters:
    ///   - batch: The batch.
    ///   - error: What the server said.
    ///   - now: The time.
    /// - Returns: The saves that have come to their end.
    mutating func refused(_ batch: Batch, _ error: ServerError, at now: Duration) -> [Resolution] {
        lanes.ended(batch.entries.count)
        var resolutions: [Resolution] = []
        if error.state.meaning == .contention, !batch.isGrouped {
            // As groups, all of them can go together again: the server does not wait for the locks of groups.
            var grouped = batch
            grouped.isGrouped = true
            retryAtOnce(grouped, at: now)
        } else if batch.entries.count > 1 {
            halve(batch, at: now)
        } else if let entry = batch.entries.first {
            switch error.state.meaning {
            case .dataRefused:
                // An earlier copy that got no answer was refused just the same.
                resolve(entry, .failure(error.storageError), into: &resolutions)
            case .contention, .exhausted, .serverLeaving, .connectionInDoubt:
                again(entry, batch: batch, because: "\(error)", at: now, &resolutions)
            case .schemaMissing, .misconfigured:
                if entry.isUncertain {
                    retry(batch, at: now)
                } else {
                    resolve(entry, .failure(error.storageError), into: &resolutions)
                }
            }
        }
        return resolutions
    }

    /// No answer came to a batch (S4): the same saves go again, with the same etags, until their outcome is known.
    ///
    /// - Parameters:
    ///   - batch: The batch.
    ///   - error: How the answer was lost.
    ///   - now: The time.
    /// - Returns: The saves that have come to their end, which is none unless the batcher closes.
    mutating func lost(_ batch: Batch, _ error: StorageError, at now: Duration) -> [Resolution] {
        lanes.ended(batch.entries.count)
        for entry in batch.entries { entry.isUncertain = true }
        // One save that breaks every connection must not keep the others of its batch from their outcome.
        if batch.attempts >= 2, batch.entries.count > 1 {
            halve(batch, at: now)
        } else {
            retry(batch, at: now)
        }
        return []
    }

    /// A batch could not be sent.
    ///
    /// - Parameters:
    ///   - batch: The batch.
    ///   - error: Why.
    ///   - now: The time.
    /// - Returns: The saves that have come to their end: those that were never sent before.
    mutating func notSent(_ batch: Batch, _ error: StorageError, at now: Duration) -> [Resolution] {
        lanes.ended(batch.entries.count)
        var resolutions: [Resolution] = []
        var uncertain = batch
        uncertain.entries.removeAll()
        for entry in batch.entries {
            if entry.isUncertain {
                uncertain.entries.append(entry)
            } else {
                resolve(entry, .failure(error), into: &resolutions)
            }
        }
        if !uncertain.entries.isEmpty { retry(uncertain, at: now) }
        return resolutions
    }

    /// Fails saves that have waited too long for their first way out; nothing of them was written.
    ///
    /// - Parameter now: The time.
    /// - Returns: The saves that have come to their end.
    mutating func expire(at now: Duration) -> [Resolution] {
        var resolutions: [Resolution] = []
        while let entry = ready.first, entry.since + limits.patience * 2 <= now {
            ready.removeFirst()
            let error = StorageError(
                .unavailable, "The database is too slow: the save of \(entry.request.grain) was not sent in time.")
            resolve(entry, .failure(error), into: &resolutions)
        }
        return resolutions
    }

    /// Gives up: nothing more is sent.
    ///
    /// - Returns: The saves that were not under way.
    mutating func abandon() -> [Resolution] {
        var resolutions: [Resolution] = []
        for (_, batch) in again {
            for entry in batch.entries {
                resolutions.append(Resolution(waiter: entry.waiter, result: unresolved(entry)))
            }
        }
        let waiting = Array(ready) + grains.values.flatMap(\.later)
        for entry in waiting { resolutions.append(Resolution(waiter: entry.waiter, result: unresolved(entry))) }
        again.removeAll()
        ready.removeAll()
        grains.removeAll()
        return resolutions
    }

    private func unresolved(_ entry: Entry) -> Result<StateSaveOutcome, StorageError> {
        guard entry.isUncertain else {
            return .failure(StorageError(.unavailable, "The database connection was closed before the save was sent."))
        }
        return .failure(
            StorageError(
                .outcomeUnknown,
                "The database connection was closed before it was known whether \(entry.request.grain) was saved."))
    }

    /// Sends an entry again alone, unless nothing was written and its caller has waited long enough.
    private mutating func again(
        _ entry: Entry, batch: Batch, because reason: String, at now: Duration, _ resolutions: inout [Resolution]
    ) {
        if !entry.isUncertain, entry.since + limits.patience <= now {
            let error = StorageError(.unavailable, "\(entry.request.grain) could not be saved: \(reason).")
            return resolve(entry, .failure(error), into: &resolutions)
        }
        let attempts = batch.entries.count == 1 ? batch.attempts : 0
        retry(Batch(entries: [entry], isGrouped: true, attempts: attempts), at: now)
    }

    /// Sends both halves of a batch again, so that what is wrong with one save ends up alone after a few steps.
    private mutating func halve(_ batch: Batch, at now: Duration) {
        let middle = batch.entries.count / 2
        for part in [batch.entries[..<middle], batch.entries[middle...]] {
            retryAtOnce(Batch(entries: Array(part), isGrouped: true, attempts: batch.attempts), at: now)
        }
    }
}
