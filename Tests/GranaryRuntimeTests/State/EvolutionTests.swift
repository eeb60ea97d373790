import Granary
import GranaryTesting
import Testing

/// States that another version wrote, and states that cannot be written.
@Suite(.timeLimit(.minutes(1))) struct EvolutionTests {
    private let key = GrainID(type: "Profile", key: "a")

    @Test func `a state of an older version is migrated, and saved as today's`() async throws {
        let cluster = InMemoryCluster()
        try await StateStage.play(cluster: cluster) {
            FirstProfile.self
        } _: { stage async throws in
            try await stage.silo.grain(FirstProfile.self, "a").set("Ada Lovelace King", nickname: "Ada")
        }
        try await StateStage.play(cluster: cluster) {
            Profile.self
        } _: { stage async throws in
            let profile = stage.silo.grain(Profile.self, "a")
            let expected = Profile.Content(first: "Ada", last: "Lovelace King", tags: ["from 0"])
            #expect(try await profile.get() == expected)
            // Reading is no writing.
            #expect(stage.stored(key, "content").version == 0)
            #expect(try await profile.tag("new") == ["from 0", "new"])
            #expect(stage.stored(key, "content").version == 2)
            await stage.silo.deactivate(profile)
            #expect(try await profile.get().tags == ["from 0", "new"])
        }
    }

    @Test func `the migration learns which version it starts from`() async throws {
        let cluster = InMemoryCluster()
        try await StateStage.prepare(cluster, key, "content", #"{"first":"Ada","last":"King"}"#, version: 1)
        try await StateStage.play(cluster: cluster) {
            Profile.self
        } _: { stage async throws in
            let content = try await stage.silo.grain(Profile.self, "a").get()
            #expect(content == Profile.Content(first: "Ada", last: "King", tags: ["from 1"]))
        }
    }

    @Test func `a migration that fails fails the activation with its cause, and changes nothing`() async throws {
        let cluster = InMemoryCluster()
        try await StateStage.prepare(cluster, key, "content", #"{"unknown":1}"#, version: 1)
        try await StateStage.play(cluster: cluster) {
            Profile.self
        } _: { stage async throws in
            let error = await grainFailure { try await stage.silo.grain(Profile.self, "a").tag("new") }
            #expect(error?.code == .stateUnreadable)
            #expect(error?.cause is DecodingError)
            #expect(stage.text(key, "content") == #"{"unknown":1}"#)
            #expect(stage.silo.activationCount == 0)
        }
    }

    @Test func `a state of a newer version is refused and never overwritten`() async throws {
        let cluster = InMemoryCluster()
        try await StateStage.prepare(cluster, key, "content", #"{"first":"Ada","last":"King","tags":[]}"#, version: 3)
        try await StateStage.play(cluster: cluster) {
            Profile.self
        } _: { stage async throws in
            let before = stage.stored(key, "content")
            let profile = stage.silo.grain(Profile.self, "a")
            for call in [{ try await profile.save() }, { _ = try await profile.tag("new") }]
                as [() async throws -> Void]
            {
                let error = await grainFailure { try await call() }
                #expect(error?.code == .stateTooNew)
                #expect(error?.grain == key)
                #expect(error?.message.contains("version 3") == true)
            }
            #expect(stage.stored(key, "content") == before)
            #expect(stage.faults.count(.save) == 0)
        }
    }

    @Test func `J12 fields that came are nil, and fields that went are skipped`() async throws {
        let cluster = InMemoryCluster()
        try await StateStage.play(cluster: cluster) {
            FirstProfile.self
        } _: { stage async throws in
            try await stage.silo.grain(FirstProfile.self, "a").set("Ada", nickname: "gone")
        }
        try await StateStage.play(cluster: cluster) {
            TolerantProfile.self
        } _: { stage async throws in
            let content = try await stage.silo.grain(TolerantProfile.self, "a").get()
            #expect(content == TolerantProfile.Content(name: "Ada", age: nil))
        }
    }

    @Test func `J12 a state that today's type cannot read is an error, never a default`() async throws {
        let cluster = InMemoryCluster()
        try await StateStage.prepare(cluster, key, "content", #"{"name":7}"#)
        try await StateStage.play(cluster: cluster) {
            TolerantProfile.self
        } _: { stage async throws in
            let profile = stage.silo.grain(TolerantProfile.self, "a")
            #expect(await grainFailure { try await profile.get() }?.code == .stateUnreadable)
            #expect(await grainFailure { try await profile.save() }?.code == .stateUnreadable)
            #expect(stage.text(key, "content") == #"{"name":7}"#)
        }
    }

    @Test func `a state that cannot be encoded fails the call, and nothing is saved`() async throws {
        try await StateStage.play {
            Visits.self
        } _: { stage async throws in
            let visits = stage.silo.grain(Visits.self, "a")
            #expect(try await visits.setRatio(0.25, isFinite: true) == 0.25)
            let error = await grainFailure { try await visits.setRatio(0, isFinite: false) }
            #expect(error?.code == .stateUnreadable)
            #expect(error?.cause is EncodingError)
            #expect(error?.message.contains("'ratio'") == true)
            #expect(stage.faults.count(.save) == 1)
            #expect(try await visits.theRatio() == 0.25)
        }
    }

    @Test func `references in states name their grains and call them after a restart`() async throws {
        let cluster = InMemoryCluster()
        let book = GrainID(type: "AddressBook", key: "book")
        try await StateStage.play(cluster: cluster) {
            AddressBook.self
            Ledger.self
        } _: { stage async throws in
            for key in ["a", "b"] {
                try await stage.silo.grain(AddressBook.self, "book").note(stage.silo.grain(Ledger.self, key))
            }
        }
        try await StateStage.play(cluster: cluster) {
            AddressBook.self
            Ledger.self
        } _: { stage async throws in
            let results = try await stage.silo.grain(AddressBook.self, "book").addEverywhere("hello")
            #expect(results == [["hello"], ["hello"]])
            #expect(stage.text(GrainID(type: "Ledger", key: "b")) == #"["hello"]"#)
        }
        // The same state as an older version's: a migration decodes references too.
        let old = cluster.record(of: book, "ledgers").data.map { String(decoding: $0, as: UTF8.self) } ?? ""
        let other = GrainID(type: "AddressBook", key: "old")
        try await StateStage.prepare(cluster, other, "ledgers", old, version: 0)
        try await StateStage.play(cluster: cluster) {
            AddressBook.self
            Ledger.self
        } _: { stage async throws in
            let results = try await stage.silo.grain(AddressBook.self, "old").addEverywhere("again")
            #expect(results == [["hello", "again"], ["hello", "again"]])
        }
    }
}
