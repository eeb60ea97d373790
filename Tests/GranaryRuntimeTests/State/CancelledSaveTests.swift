import Granary
import GranaryTesting
import Testing

/// Saves of callers that are cancelled.
@Suite(.timeLimit(.minutes(1))) struct CancelledSaveTests {
    private let alice = GrainID(type: "Ledger", key: "alice")

    @Test func `H25 a cancelled caller does not cut its save, nor the next one of its turn`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            let hold = StorageHold()
            stage.faults.next(.save, .holdBefore(hold))
            let call = Task { try await ledger.addTwice("entry") }
            await hold.reached()
            call.cancel()
            hold.release()
            try await call.value
            #expect(stage.text(alice) == #"["entry","entry"]"#)
            #expect(stage.faults.count(.save) == 2)
        }
    }

    @Test func `H25 a cancelled caller does not cut its save that waits for another one`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            let hold = StorageHold()
            stage.faults.next(.save, .holdBefore(hold))
            let call = Task { try await ledger.addTwiceAtOnce("entry") }
            await hold.reached()
            call.cancel()
            hold.release()
            try await call.value
            #expect(stage.text(alice) == #"["entry"]"#)
            #expect(stage.faults.count(.save) == 2)
        }
    }
}
