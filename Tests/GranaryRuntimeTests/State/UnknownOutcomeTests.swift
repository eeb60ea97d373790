import Granary
import GranaryCore
import GranaryTesting
import Testing

/// Saves whose answer does not come.
@Suite(.timeLimit(.minutes(1))) struct UnknownOutcomeTests {
    private let alice = GrainID(type: "Ledger", key: "alice")
    private let key = GrainID(type: "Visits", key: "a")

    /// Saves an entry "doubtful" that is not answered in time.
    ///
    /// - Returns: What holds the save, to be released.
    private func saveInDoubt(
        _ ledger: Ledger.Reference, on stage: StateStage, by fault: (StorageHold) -> StorageFault
    ) async -> StorageHold {
        let hold = StorageHold()
        stage.faults.next(.save, fault(hold))
        async let saving = grainFailure { try await ledger.add("doubtful") }
        await hold.reached()
        await stage.advance(by: .seconds(30))
        #expect(await saving?.code == .outcomeUnknown)
        return hold
    }

    @Test(arguments: [true, false])
    func `S5 a save that is not answered in time has an unknown outcome, and no turn begins before it is known`(
        isWritten: Bool
    ) async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("before")
            let hold = StorageHold()
            stage.faults.next(.save, isWritten ? .holdAfter(hold) : .holdBefore(hold))
            async let saving = grainFailure { try await ledger.add("doubtful") }
            await hold.reached()
            await stage.advance(by: .seconds(29))
            await stage.advance(by: .seconds(1))
            let error = await saving
            #expect(error?.code == .outcomeUnknown)
            #expect(error?.grain == alice)
            let began = Flag()
            async let reading = {
                let entries = try await ledger.all()
                began.raise()
                return entries
            }()
            async let writing = ledger.add("after")
            await stage.waiting(atLeast: 2)
            // Both calls wait, on a gate that is held by nobody's turn.
            await stage.advance(by: .seconds(10))
            #expect(!began.isRaised)
            let loads = stage.faults.count(.load)
            hold.release()
            let entries = try await reading
            #expect(entries == ["before", "doubtful"] || entries == ["before", "doubtful", "after"])
            #expect(try await writing == ["before", "doubtful", "after"])
            #expect(stage.faults.count(.load) == loads + 1)
            #expect(stage.text(alice) == #"["before","doubtful","after"]"#)
        }
    }

    @Test func `S5 a turn whose save has an unknown outcome saves nothing more`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("before")
            let hold = StorageHold()
            stage.faults.next(.save, .holdBefore(hold))
            async let saving = ledger.addStubbornly("doubtful")
            await hold.reached()
            await stage.advance(by: .seconds(30))
            #expect(try await saving == ["outcomeUnknown", "outcomeUnknown"])
            #expect(stage.faults.count(.save) == 2)
            hold.release()
            #expect(try await ledger.all() == ["before", "doubtful"])
            #expect(stage.text(alice) == #"["before","doubtful"]"#)
        }
    }

    @Test func `a call that waits for a save of unknown outcome still ends at its own deadline`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.all()
            let hold = await saveInDoubt(ledger, on: stage) { .holdBefore($0) }
            async let waiting = grainFailure { try await ledger.add("late") }
            await stage.waiting(atLeast: 1)
            await stage.advance(by: .seconds(30))
            #expect(await waiting?.code == .timeout)
            hold.release()
            #expect(try await ledger.all() == ["doubtful"])
        }
    }

    @Test(arguments: [StorageFault.lostAnswer, .lostRequest])
    func `where the store lost track the same save is sent again until it is known`(_ fault: StorageFault) async throws
    {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("before")
            // The second attempt never arrives either: what it throws says nothing of the first.
            stage.faults.next(.save, fault, .failBefore())
            #expect(await grainFailure { try await ledger.add("doubtful") }?.code == .outcomeUnknown)
            async let next = ledger.all()
            await stage.waiting(atLeast: 1)
            #expect(stage.faults.count(.save) == 2)
            await stage.advanceUntil { stage.faults.count(.save) >= 4 }
            #expect(try await next == ["before", "doubtful"])
            #expect(stage.text(alice) == #"["before","doubtful"]"#)
        }
    }

    @Test func `somebody else's write after a lost request is read, not overwritten`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.all()
            stage.faults.next(.save, .lostRequest)
            #expect(await grainFailure { try await ledger.add("doubtful") }?.code == .outcomeUnknown)
            try await stage.overwrite(alice, #"["other"]"#)
            async let next = ledger.all()
            await stage.advanceUntil { stage.faults.count(.save) >= 2 }
            #expect(try await next == ["other"])
            #expect(stage.text(alice) == #"["other"]"#)
        }
    }

    @Test func `a load that fails after the outcome is known ends the activation, not the grain`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.all()
            stage.faults.next(.load, .failBefore())
            let hold = await saveInDoubt(ledger, on: stage) { .holdAfter($0) }
            hold.release()
            #expect(try await ledger.all() == ["doubtful"])
        }
    }

    @Test(arguments: [StorageFault.lostAnswer, .lostRequest])
    func `a flush of unknown outcome loses no change, and turns wait for it`(_ fault: StorageFault) async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countBehind()
            stage.faults.next(.save, fault)
            await stage.advance(by: .seconds(5))
            await stage.faults.begun(.save, atLeast: 1)
            async let reading = visits.slowCounts()
            async let writing = visits.countBehind()
            await stage.waiting(atLeast: 1)
            await stage.advanceUntil { stage.faults.count(.save) >= 2 }
            #expect(try await writing == 2)
            let counts = try await reading
            #expect(counts == [1, 0, 0] || counts == [2, 0, 0])
            #expect(try await visits.counts() == [2, 0, 0])
            #expect(stage.text(key, "behind") == "1")
            await stage.silo.deactivate(visits)
            #expect(stage.text(key, "behind") == "2")
        }
    }

    @Test func `no read begins while the outcome of a flush is unknown`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countBehind()
            let hold = StorageHold()
            stage.faults.next(.save, .holdAfter(hold))
            await stage.advance(by: .seconds(5))
            await hold.reached()
            // While the save is merely slow, reads go on.
            #expect(try await visits.slowCounts() == [1, 0, 0])
            #expect(try await visits.counts() == [1, 0, 0])
            await stage.advance(by: .seconds(30))
            func read() -> (Flag, Task<[Int], any Error>) {
                let answered = Flag()
                let task = Task {
                    let counts = try await visits.slowCounts()
                    answered.raise()
                    return counts
                }
                return (answered, task)
            }
            // One that comes in time is answered; from some moment on they wait.
            var (answered, reading) = read()
            while stage.silo.runtime._waits.current().isEmpty {
                if answered.isRaised { (answered, reading) = read() }
                await Task.yield()
            }
            await stage.advance(by: .seconds(1))
            #expect(!answered.isRaised)
            hold.release()
            #expect(try await reading.value == [1, 0, 0])
            #expect(try await visits.countBehind() == 2)
        }
    }

    @Test func `a deactivation waits until the outcome of a save is known`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.all()
            let hold = await saveInDoubt(ledger, on: stage) { .holdBefore($0) }
            async let ended: Void = stage.silo.deactivate(ledger)
            async let next = ledger.status()
            await stage.waiting(atLeast: 1)
            #expect(stage.silo.activationCount == 1)
            hold.release()
            await ended
            #expect(try await next.entries == ["doubtful"])
        }
    }
}
