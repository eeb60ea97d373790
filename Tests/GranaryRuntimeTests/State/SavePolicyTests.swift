import Granary
import GranaryTesting
import Testing

/// When states are saved, and what a caller may lose.
@Suite(.timeLimit(.minutes(1))) struct SavePolicyTests {
    private let key = GrainID(type: "Visits", key: "a")

    // MARK: Explicit

    @Test func `an explicit state is saved when the grain says so and not otherwise`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "a")
            _ = try await ledger.addUnsaved("kept in memory")
            await stage.advance(by: .seconds(60))
            await stage.silo.deactivate(ledger)
            #expect(stage.faults.count(.save) == 0)
            #expect(try await ledger.all() == [])
        }
    }

    // MARK: After each turn

    @Test func `afterEachTurn saves before the caller has its answer, once per turn that changed something`()
        async throws
    {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            #expect(try await visits.countAfter() == 1)
            #expect(stage.text(key, "after") == "1")
            #expect(try await visits.counts() == [0, 1, 0])
            #expect(stage.faults.count(.save) == 1)
            let hold = StorageHold()
            stage.faults.next(.save, .holdBefore(hold))
            let answered = Flag()
            async let second: Int = {
                let count = try await visits.countAfter()
                answered.raise()
                return count
            }()
            await hold.reached()
            // The next turn waits for the save, so the answer has had time enough to come too early.
            async let third = visits.countAfter()
            await stage.waiting(atLeast: 1)
            #expect(!answered.isRaised)
            hold.release()
            #expect(try await second == 2)
            #expect(try await third == 3)
            #expect(stage.text(key, "after") == "3")
        }
    }

    @Test func `afterEachTurn fails the call when the save fails, and takes the change back`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countAfter()
            stage.faults.next(.save, .failBefore())
            #expect(await grainFailure { try await visits.countAfter() }?.code == .storageUnavailable)
            #expect(try await visits.counts() == [0, 1, 0])
            #expect(try await visits.countAfter() == 2)
            #expect(stage.text(key, "after") == "2")
        }
    }

    @Test func `afterEachTurn takes everything back that the turn changed when its save conflicts`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countBoth()
            try await stage.overwrite(key, "after", "50")
            #expect(await grainFailure { try await visits.countBoth() }?.code == .stateConflict)
            // The failed turn's change is gone; the earlier turn's write-behind change is not.
            #expect(try await visits.counts() == [1, 50, 0])
        }
    }

    // MARK: Write-behind

    @Test func `every answers before it saves, and saves when the window is over`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            #expect(try await visits.countBehind() == 1)
            #expect(stage.faults.count(.save) == 0)
            await stage.advance(by: .seconds(4))
            #expect(try await visits.countBehind() == 2)
            await stage.advance(by: .milliseconds(900))
            #expect(stage.faults.count(.save) == 0)
            // The window counts from the first change that is not saved, not from the last one.
            await stage.advance(by: .milliseconds(100))
            await stage.faults.begun(.save, atLeast: 1)
            #expect(try await visits.countBehind() == 3)
            #expect(stage.text(key, "behind") == "2")
        }
    }

    @Test func `every saves again and again, one window after each first change`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            for round in 1...3 {
                #expect(try await visits.countBehind() == round)
                await stage.advance(by: .seconds(5))
                await stage.faults.begun(.save, atLeast: round)
                // A turn that may write comes after the flush.
                _ = try await visits.activationNumber()
                #expect(stage.text(key, "behind") == "\(round)")
            }
        }
    }

    @Test func `every goes on after an explicit save in between`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countBehind()
            _ = try await visits.countBehindAndSave()
            #expect(stage.faults.count(.save) == 1)
            await stage.advance(by: .seconds(5))
            _ = try await visits.activationNumber()
            #expect(stage.faults.count(.save) == 1)
            #expect(try await visits.countBehind() == 3)
            await stage.advance(by: .seconds(5))
            await stage.faults.begun(.save, atLeast: 2)
            _ = try await visits.activationNumber()
            #expect(stage.text(key, "behind") == "3")
        }
    }

    @Test func `every keeps the shorter window where a grain has two`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countBehind()
            _ = try await visits.countSoon()
            await stage.advance(by: .seconds(1))
            await stage.faults.begun(.save, atLeast: 1)
            _ = try await visits.activationNumber()
            #expect(stage.text(key, "soon") == "1")
        }
    }

    @Test func `every saves what activate changed`() async throws {
        try await StateStage.play {
            Greeter.self
        } _: { stage async throws in
            let greeter = stage.silo.grain(Greeter.self, "a")
            #expect(try await greeter.counts() == [1, 0])
            await stage.advance(by: .seconds(5))
            await stage.faults.begun(.save, atLeast: 1)
        }
    }

    @Test func `S8 turns that may write wait while an overdue change cannot be saved, and read-only ones go on`()
        async throws
    {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countBehind()
            stage.faults.always(.save, .failBefore())
            await stage.advance(by: .milliseconds(4_900))
            // Not overdue yet: turns that write go on.
            #expect(try await visits.countBehind() == 2)
            await stage.advance(by: .milliseconds(100))
            await stage.faults.begun(.save, atLeast: 1)
            let answered = Flag()
            let writing = Task {
                let count = try await visits.countBehind()
                answered.raise()
                return count
            }
            await stage.waiting(atLeast: 1)
            #expect(try await visits.counts() == [2, 0, 0])
            #expect(try await visits.slowCounts() == [2, 0, 0])
            // The flush sleeps on the clock between its attempts.
            await stage.advance(by: .seconds(2), others: 1)
            await stage.faults.begun(.save, atLeast: 2)
            await stage.advance(by: .seconds(2), others: 1)
            await stage.faults.begun(.save, atLeast: 3)
            #expect(!answered.isRaised)
            #expect(try await visits.counts() == [2, 0, 0])
            stage.faults.restore()
            await stage.advance(by: .seconds(2))
            #expect(try await writing.value == 3)
            #expect(stage.text(key, "behind") == "2")
        }
    }

    // MARK: The end of an activation

    @Test func `a deactivation saves what write-behind has left`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countBehind()
            _ = try await visits.countSoon()
            await stage.silo.deactivate(visits)
            #expect(stage.text(key, "behind") == "1")
            #expect(stage.text(key, "soon") == "1")
            #expect(try await visits.counts() == [1, 0, 1])
        }
    }

    @Test func `a deactivation saves what deactivate changed`() async throws {
        try await StateStage.play {
            Greeter.self
        } _: { stage async throws in
            let greeter = stage.silo.grain(Greeter.self, "a")
            #expect(try await greeter.counts() == [1, 0])
            await stage.silo.deactivate(greeter)
            #expect(try await greeter.counts() == [2, 1])
        }
    }

    @Test func `a deactivation waits for a store that is away`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countBehind()
            stage.faults.next(.save, .failBefore(), .failBefore(), .failBefore())
            async let ended: Void = stage.silo.deactivate(visits)
            for attempt in 1...3 {
                await stage.faults.begun(.save, atLeast: attempt)
                await stage.advanceUntil { stage.faults.count(.save) > attempt }
            }
            await ended
            #expect(stage.text(key, "behind") == "1")
        }
    }

    @Test func `a drain saves what write-behind has left, and reports how much`() async throws {
        let cluster = InMemoryCluster()
        try await StateStage.play(cluster: cluster) {
            Visits.self
        } _: { stage async throws in
            for number in 0..<5 { _ = try await stage.silo.grain(Visits.self, "\(number)").countBehind() }
            for number in 0..<3 { _ = try await stage.silo.grain(Visits.self, "\(number)").countSoon() }
            // Nothing is left to save in this one.
            _ = try await stage.silo.grain(Visits.self, "idle").countAfter()
            try await stage.stop()
            let report = try #require(stage.silo.drainReport)
            #expect(report.ended == 6)
            #expect(report.saved == 8)
            #expect(report.unsaved == 0)
            #expect(report.abandoned == 0)
        }
        for number in 0..<5 {
            let record = cluster.record(of: GrainID(type: "Visits", key: "\(number)"), "behind")
            #expect(record.data == Array("1".utf8))
        }
    }

    @Test func `a drain reports what it could not save`() async throws {
        var hasty = StateStage.patient
        hasty.deactivationTimeout = .seconds(2)
        try await StateStage.play(configuration: hasty) {
            Visits.self
        } _: { stage async throws in
            _ = try await stage.silo.grain(Visits.self, "a").countBehind()
            _ = try await stage.silo.grain(Visits.self, "b").countBehind()
            let lost = GrainID(type: "Visits", key: "b")
            for _ in 0..<10_000 { stage.faults.next(.save, .failBefore(), of: lost) }
            try await stage.stop()
            let report = try #require(stage.silo.drainReport)
            #expect(report.ended == 2)
            #expect(report.saved == 1)
            #expect(report.unsaved == 1)
            #expect(stage.text(key, "behind") == "1")
            #expect(stage.text(lost, "behind") == nil)
        }
    }
}
