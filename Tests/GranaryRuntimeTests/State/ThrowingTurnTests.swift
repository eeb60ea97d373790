import Granary
import GranaryTesting
import Testing

/// A turn that throws leaves no half-written state.
@Suite(.timeLimit(.minutes(1))) struct ThrowingTurnTests {
    private let alice = GrainID(type: "Ledger", key: "alice")
    private let key = GrainID(type: "Visits", key: "a")

    @Test func `an explicit state that a failed turn changed is read again before the next turn`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("good")
            let before = try await ledger.status()
            await #expect(throws: Refusal()) { try await ledger.addAndThrow("half") }
            #expect(try await ledger.status() == before)
            #expect(stage.faults.count(.load) == 2)
        }
    }

    @Test func `a failed turn that changed nothing reads nothing`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.addUnsaved("unsaved")
            await #expect(throws: Refusal()) { try await ledger.throwOnly() }
            #expect(try await ledger.all() == ["unsaved"])
            #expect(stage.faults.count(.load) == 1)
        }
    }

    @Test func `what a turn saved before it threw stays saved and in memory`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            await #expect(throws: Refusal()) { try await ledger.addSaveAndThrow("saved") }
            let status = try await ledger.status()
            #expect(status.entries == ["saved"] && !status.isDirty)
            #expect(stage.text(alice) == #"["saved"]"#)
            #expect(stage.faults.count(.load) == 1)
        }
    }

    @Test func `what a turn saved by itself before it threw stays, whatever else saves that state`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countBoth()
            await #expect(throws: Refusal()) { try await visits.countBothSaveAndThrow() }
            #expect(try await visits.counts() == [2, 2, 0])
            #expect(stage.text(key, "behind") == "2")
            #expect(stage.text(key, "after") == "2")
            #expect(stage.faults.count(.load) == 1)
            #expect(try await visits.countBoth() == [3, 3])
        }
    }

    @Test func `no turn sees the half-written state, not even a read-only one that waited`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("good")
            let (save, load) = (StorageHold(), StorageHold())
            stage.faults.next(.save, .holdBefore(save), .failBefore())
            stage.faults.next(.load, .holdBefore(load))
            async let failing = grainFailure { try await ledger.addTwice("half") }
            await save.reached()
            async let reading = ledger.all()
            await stage.waiting(atLeast: 1)
            save.release()
            // The first half is saved; the second failed, and is being taken back.
            await load.reached()
            async let late = ledger.slowAll()
            await stage.waiting(atLeast: 2)
            load.release()
            #expect(await failing?.code == .storageUnavailable)
            #expect(try await reading == ["good", "half"])
            #expect(try await late == ["good", "half"])
        }
    }

    @Test func `an activation whose states cannot be read again ends, and the next call reads them`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("good")
            let first = try await ledger.status().activation
            stage.faults.next(.load, .failBefore(), .failBefore())
            await #expect(throws: Refusal()) { try await ledger.addAndThrow("half") }
            // The reload failed, and so did the first load of the next activation.
            #expect(await grainFailure { try await ledger.all() }?.code == .storageUnavailable)
            let status = try await ledger.status()
            #expect(status.entries == ["good"] && status.activation != first)
        }
    }

    @Test func `a write-behind state goes back to where the turn began, and earlier good turns stay`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countBehind()
            _ = try await visits.countBehind()
            await #expect(throws: Refusal()) { try await visits.countBehindAndThrow() }
            #expect(try await visits.counts() == [2, 0, 0])
            #expect(stage.faults.count(.load) == 1)
            await stage.advance(by: .seconds(5))
            await stage.faults.begun(.save, atLeast: 1)
            _ = try await visits.activationNumber()
            #expect(stage.text(key, "behind") == "2")
        }
    }

    @Test func `a write-behind state that only a failed turn changed is not saved`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            await #expect(throws: Refusal()) { try await visits.countBehindAndThrow() }
            await stage.advance(by: .seconds(60))
            await stage.silo.deactivate(visits)
            #expect(stage.faults.count(.save) == 0)
        }
    }

    @Test func `a state that is saved after each turn is not saved after one that threw`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countAfter()
            await #expect(throws: Refusal()) { try await visits.countAfterAndThrow() }
            #expect(try await visits.counts() == [0, 1, 0])
            #expect(stage.faults.count(.save) == 1)
            #expect(stage.faults.count(.load) == 1)
        }
    }

    @Test func `reading an explicit state again keeps the unsaved write-behind states beside it`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            try await visits.setNote("good")
            _ = try await visits.countBehind()
            await #expect(throws: Refusal()) { try await visits.setNoteAndThrow("half") }
            #expect(try await visits.theNote() == "good")
            #expect(try await visits.counts() == [1, 0, 0])
            await stage.advance(by: .seconds(5))
            await stage.faults.begun(.save, atLeast: 2)
            _ = try await visits.activationNumber()
            #expect(stage.text(key, "behind") == "1")
        }
    }

    @Test func `a conflict of one state keeps the unsaved write-behind states beside it`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countBehind()
            try await stage.overwrite(key, "note", #""other""#)
            #expect(await grainFailure { try await visits.setNote("mine") }?.code == .stateConflict)
            #expect(try await visits.theNote() == "other")
            #expect(try await visits.counts() == [1, 0, 0])
            #expect(stage.text(key, "behind") == "1")
        }
    }

    @Test func `a reload that fails keeps the unsaved write-behind states beside it`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countBehind()
            stage.faults.next(.load, .failBefore())
            await #expect(throws: Refusal()) { try await visits.setNoteAndThrow("half") }
            #expect(try await visits.counts() == [1, 0, 0])
            #expect(stage.text(key, "behind") == "1")
        }
    }
}
