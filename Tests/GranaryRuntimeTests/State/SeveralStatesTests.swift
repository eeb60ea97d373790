import Granary
import GranaryTesting
import Testing

/// Several states of one grain, saved together.
@Suite(.timeLimit(.minutes(1))) struct SeveralStatesTests {
    private let key = GrainID(type: "Account", key: "alice")

    @Test func `states that are saved together travel in one save`() async throws {
        try await StateStage.play {
            Account.self
        } _: { stage async throws in
            let account = stage.silo.grain(Account.self, "alice")
            try await account.setBoth("Alice", 7)
            #expect(stage.faults.count(.save) == 1)
            #expect(stage.text(key, "holder") == #""Alice""#)
            #expect(stage.text(key, "balance") == "7")
        }
    }

    @Test func `a conflict of one of them saves none, and names that one`() async throws {
        try await StateStage.play {
            Account.self
        } _: { stage async throws in
            let account = stage.silo.grain(Account.self, "alice")
            try await account.setBoth("Alice", 7)
            let other = try await stage.overwrite(key, "balance", "100")
            let error = await grainFailure { try await account.setBoth("Bob", 8) }
            #expect(error?.code == .stateConflict)
            #expect(error?.message.contains("state 'balance'") == true)
            #expect(error?.message.contains("stored etag \(other)") == true)
            #expect(error?.message.contains("state 'holder'") == false)
            #expect(stage.text(key, "holder") == #""Alice""#)
            #expect(try await account.name() == "Alice")
            #expect(try await account.amount() == 100)
        }
    }

    @Test func `conflicts of all of them are all named`() async throws {
        try await StateStage.play {
            Account.self
        } _: { stage async throws in
            let account = stage.silo.grain(Account.self, "alice")
            _ = try await account.amount()
            try await stage.overwrite(key, "holder", #""Other""#)
            try await stage.overwrite(key, "balance", "100")
            let error = await grainFailure { try await account.setBoth("Bob", 8) }
            #expect(error?.message.contains("state 'balance'") == true)
            #expect(error?.message.contains("state 'holder'") == true)
        }
    }

    @Test func `a save that fails leaves all of them as they were`() async throws {
        try await StateStage.play {
            Account.self
        } _: { stage async throws in
            let account = stage.silo.grain(Account.self, "alice")
            try await account.setBoth("Alice", 7)
            stage.faults.next(.save, .failBefore())
            #expect(await grainFailure { try await account.setBoth("Bob", 8) }?.code == .storageUnavailable)
            #expect(try await account.name() == "Alice")
            #expect(try await account.amount() == 7)
        }
    }

    @Test func `a state that is named twice is saved once`() async throws {
        try await StateStage.play {
            Account.self
        } _: { stage async throws in
            let account = stage.silo.grain(Account.self, "alice")
            let etag = try await account.setTwice(5)
            #expect(etag == stage.stored(key, "balance").etag?.description)
            #expect(stage.text(key, "balance") == "5")
            try await account.setBalance(6)
        }
    }

    @Test func `all states of a grain are loaded at once`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            _ = try await stage.silo.grain(Visits.self, "a").counts()
            #expect(stage.faults.count(.load) == 1)
        }
    }
}
