import Granary
import GranaryTesting
import Testing

/// Read-only methods that are none.
@Suite(.timeLimit(.minutes(1))) struct ReadOnlyTurnTests {
    private let alice = GrainID(type: "Ledger", key: "alice")

    @Test func `a read-only method that changes an explicit state is refused and undone`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("good")
            let error = await grainFailure { try await ledger.sneak("bad") }
            #expect(error?.code == .readOnlyViolation)
            #expect(error?.grain == alice)
            #expect(try await ledger.all() == ["good"])
            #expect(await grainFailure { try await ledger.sneakSlowly("bad") }?.code == .readOnlyViolation)
            #expect(try await ledger.all() == ["good"])
            #expect(try await ledger.add("more") == ["good", "more"])
            #expect(stage.text(alice) == #"["good","more"]"#)
        }
    }

    @Test func `a read-only method saves nothing`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("good")
            #expect(await grainFailure { try await ledger.sneakAndSave("bad") }?.code == .readOnlyViolation)
            #expect(await grainFailure { try await ledger.saveOnly() }?.code == .readOnlyViolation)
            #expect(stage.faults.count(.save) == 1)
            #expect(stage.text(alice) == #"["good"]"#)
            #expect(try await ledger.all() == ["good"])
        }
    }

    @Test func `a read-only method that changes a write-behind state is undone, and earlier changes stay`() async throws
    {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            _ = try await visits.countBehind()
            let activation = try await visits.activationNumber()
            #expect(await grainFailure { try await visits.sneakBehind() }?.code == .readOnlyViolation)
            #expect(try await visits.counts() == [1, 0, 0])
            #expect(try await visits.activationNumber() == activation)
            // The change of another state, which has to be read again, costs the earlier change nothing either.
            #expect(await grainFailure { try await visits.sneakNote() }?.code == .readOnlyViolation)
            #expect(try await visits.theNote() == "")
            #expect(try await visits.counts() == [1, 0, 0])
        }
    }
}
