internal import GranaryCore

extension StateStoreConformance {
    static let fencing: [Check] = [
        Check("a member that was declared dead saves nothing") { trial in
            let before = trial.write("one", "1")
            try await trial.mustSave(trial.grain(), before)
            try await trial.members.declareDead([trial.silo])
            for write in [
                trial.write("one", over: before.next, "2"), trial.write("one", over: before.next, nil),
                trial.write("two", "2"), trial.write("one", "2"),
            ] {
                try trial.expect(try await trial.save(trial.grain(), write), .fenced, "the outcome")
            }
            let both = [trial.write("one", over: before.next, "2"), trial.write("two", "2")]
            let outcome = try await trial.store.save(StateSave(grain: trial.grain(), writes: both))
            try trial.expect(outcome, .fenced, "the outcome of a save of two states")
            try await trial.expectStored(trial.grain(), before)
            try await trial.expectAbsent(trial.grain(), "two")
        },
        Check("another member takes over the rows of a dead one") { trial in
            let before = trial.write("1")
            try await trial.mustSave(trial.grain(), before)
            let heir = try await trial.members.member("heir")
            try await trial.members.declareDead([trial.silo])
            let after = trial.write(over: before.next, "2")
            let outcome = try await trial.connection.stateStore(writingAs: heir).save(
                StateSave(grain: trial.grain(), writes: [after]))
            try trial.expect(outcome, .saved, "the outcome of the other member's save")
            try trial.expect(try await trial.load(trial.grain()).etag, after.next, "the stored etag")
        },
        Check("a superseded member saves nothing") { trial in
            let candidate = trial.members.candidate("writer")
            let former = try await trial.members.store.read().members.first { $0.silo == trial.silo }
            var heir = candidate
            heir.name = try trial.require(former, "the writing member in the view").name
            _ = try await trial.members.join(heir, superseding: trial.silo)
            try trial.expect(try await trial.save(trial.grain(), trial.write("1")), .fenced, "the outcome")
        },
        Check("a leaving member still saves") { trial in
            try await trial.members.advance(trial.silo, to: .leaving)
            try await trial.mustSave(trial.grain(), trial.write("1"))
        },
        Check("a member that left saves nothing") { trial in
            try await trial.members.advance(trial.silo, to: .leaving)
            try await trial.members.advance(trial.silo, to: .left)
            try trial.expect(try await trial.save(trial.grain(), trial.write("1")), .fenced, "the outcome")
        },
        Check("a member that is only joining saves nothing") { trial in
            let joining = try await trial.members.member("joining", .joining)
            let outcome = try await trial.connection.stateStore(writingAs: joining).save(
                StateSave(grain: trial.grain(), writes: [trial.write("1")]))
            try trial.expect(outcome, .fenced, "the outcome")
        },
        Check("a number that no member has saves nothing") { trial in
            let outcome = try await trial.connection.stateStore(writingAs: .max).save(
                StateSave(grain: trial.grain(), writes: [trial.write("1")]))
            try trial.expect(outcome, .fenced, "the outcome")
        },
        Check("nothing that a dead member sent commits after its death was recorded") { trial in
            for round in 0..<5 { try await trial.deathRace(round) }
        },
    ]
}

extension StateStoreTrial {
    /// Lets a member write without a pause while it is declared dead, and compares what is stored right after its death
    /// with what is stored in the end.
    func deathRace(_ round: Int) async throws {
        let silo = try await members.member("racer\(round)")
        let store = connection.stateStore(writingAs: silo)
        let grains = (0..<16).map { grain("\(round)-\($0)") }
        let seen = try await withThrowingTaskGroup(of: (Int, ETag?).self) { group in
            for (index, grain) in grains.enumerated() {
                group.addTask {
                    var acknowledged: ETag?
                    while true {
                        let write = self.write(over: acknowledged, "\(index)")
                        let outcome = try await store.save(StateSave(grain: grain, writes: [write]))
                        if outcome == .fenced { return (index, acknowledged) }
                        try self.expect(outcome, .saved, "the outcome of a save before the death")
                        acknowledged = write.next
                        // A store that never suspends would keep the threads from whoever declares the death.
                        await Task.yield()
                    }
                }
            }
            // Every writer has saved something, so all of them are in the middle of it.
            for grain in grains { try await self.untilWritten(grain) }
            try await self.members.declareDead([silo])
            var atDeath: [ETag?] = []
            for grain in grains { atDeath.append(try await self.load(grain).etag) }
            for try await (index, acknowledged) in group {
                try self.expect(acknowledged, atDeath[index], "the last acknowledged etag of '\(grains[index])'")
            }
            return atDeath
        }
        for (index, grain) in grains.enumerated() {
            try expect(try await load(grain).etag, seen[index], "the etag of '\(grain)' once all was answered")
        }
    }

    /// Waits until a grain that others write has a row.
    private func untilWritten(_ grain: GrainID) async throws {
        for _ in 0..<100_000 {
            if try await load(grain).etag != nil { return }
            await Task.yield()
        }
        throw failure("a first save of \(grain) by its only writer", "no row after 100,000 looks")
    }
}
