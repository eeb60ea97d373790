import Granary
import GranaryTesting
import Testing

/// The persistence rows of the scenarios, each by its number.
@Suite(.timeLimit(.minutes(1))) struct PersistenceTests {
    private let alice = GrainID(type: "Ledger", key: "alice")

    @Test func `H1 a state that was never written is the default, without etag, also after a reload`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            let first = try await ledger.status()
            #expect(first.entries == [] && first.etag == nil && !first.exists)
            _ = try await ledger.addUnsaved("stale")
            #expect(try await ledger.reload() == [])
            let second = try await ledger.status()
            #expect(second.etag == nil && !second.exists && !second.isDirty)
        }
    }

    @Test func `H2 unicode is read back, with the etag of the write`() async throws {
        let text = "Привет 你好 👩‍👩‍👧‍👦 \"quoted\" \\ \n é e\u{301}"
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add(text)
            let written = try await ledger.status()
            await stage.silo.deactivate(ledger)
            let read = try await ledger.status()
            #expect(read.entries.map { Array($0.utf8) } == [Array(text.utf8)])
            #expect(read.etag != nil && read.etag == written.etag && read.exists)
            #expect(read.activation != written.activation)
        }
    }

    @Test func `H3 a first write conflicts when somebody else wrote first`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            #expect(try await ledger.all() == [])
            let other = try await stage.overwrite(alice, #"["other"]"#)
            let error = await grainFailure { try await ledger.add("mine") }
            #expect(error?.code == .stateConflict)
            #expect(error?.message.contains("expected etag no row, stored etag \(other)") == true)
            #expect(stage.text(alice) == #"["other"]"#)
        }
    }

    @Test func `H4 a write over an older etag conflicts, names both, and changes nothing`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("mine")
            let mine = try #require(stage.stored(alice).etag)
            let other = try await stage.overwrite(alice, #"["other"]"#)
            let error = await grainFailure { try await ledger.add("more") }
            #expect(error?.code == .stateConflict)
            #expect(error?.grain == alice)
            #expect(error?.message.contains("expected etag \(mine), stored etag \(other)") == true)
            #expect(stage.stored(alice).etag == other)
            #expect(stage.text(alice) == #"["other"]"#)
        }
    }

    @Test func `H5 a clear over an older etag conflicts and changes nothing`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("mine")
            let other = try await stage.overwrite(alice, #"["other"]"#)
            #expect(await grainFailure { try await ledger.clear() }?.code == .stateConflict)
            #expect(stage.stored(alice).etag == other)
            #expect(try await ledger.all() == ["other"])
        }
    }

    @Test func `H6 what was never written can be cleared`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.addUnsaved("stale")
            try await ledger.clear()
            let status = try await ledger.status()
            #expect(status.entries == [] && !status.exists && !status.isDirty)
            #expect(status.etag == stage.stored(alice).etag?.description)
            #expect(stage.text(alice) == nil)
        }
    }

    @Test func `H7 clearing twice is fine, and each time the etag is another one`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("entry")
            var etags = [try await ledger.status().etag]
            for _ in 0..<2 {
                try await ledger.clear()
                let status = try await ledger.status()
                #expect(status.entries == [] && !status.exists)
                etags.append(status.etag)
            }
            #expect(Set(etags.compactMap(\.self)).count == 3)
        }
    }

    @Test func `H8 a cleared state can be written again`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("old")
            try await ledger.clear()
            let cleared = try await ledger.status().etag
            #expect(try await ledger.add("new") == ["new"])
            await stage.silo.deactivate(ledger)
            let status = try await ledger.status()
            #expect(status.entries == ["new"] && status.exists && status.etag != cleared)
        }
    }

    @Test func `H9 saving the same value again changes the etag`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            try await ledger.save()
            let first = try await ledger.status().etag
            try await ledger.save()
            let second = try await ledger.status().etag
            #expect(first != nil && second != nil && first != second)
            #expect(stage.stored(alice).etag?.description == second)
        }
    }

    @Test func `H10 states of one grain are independent`() async throws {
        try await StateStage.play {
            Account.self
        } _: { stage async throws in
            let account = stage.silo.grain(Account.self, "alice")
            try await account.setName("Alice")
            try await account.setBalance(7)
            await stage.silo.deactivate(account)
            #expect(try await account.name() == "Alice")
            #expect(try await account.amount() == 7)
            #expect(stage.text(GrainID(type: "Account", key: "alice"), "holder") == #""Alice""#)
            #expect(stage.text(GrainID(type: "Account", key: "alice"), "balance") == "7")
        }
    }

    @Test func `H11 a hundred grains write and read ten rounds in parallel`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for key in 0..<100 {
                    group.addTask {
                        let ledger = stage.silo.grain(Ledger.self, "\(key)")
                        var etags: Set<String?> = []
                        for round in 0..<10 {
                            let entries = try await ledger.add("\(key)-\(round)")
                            #expect(entries == (0...round).map { "\(key)-\($0)" })
                            etags.insert(try await ledger.status().etag)
                            if round % 3 == key % 3 { await stage.silo.deactivate(ledger) }
                        }
                        #expect(etags.count == 10 && !etags.contains(nil))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: [StorageFault.failBefore(), .failAfter()])
    func `H15 a reload that fails keeps what is in memory, and the next one reads`(_ fault: StorageFault) async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("mine")
            let before = try await ledger.status()
            try await stage.overwrite(alice, #"["other"]"#)
            stage.faults.next(.load, fault)
            #expect(await grainFailure { try await ledger.reload() }?.code == .storageUnavailable)
            #expect(try await ledger.status() == before)
            #expect(try await ledger.reload() == ["other"])
        }
    }

    @Test func `H16 a save that fails leaves the store alone, and memory goes back to what is stored`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("62")
            stage.faults.next(.save, .failBefore())
            #expect(await grainFailure { try await ledger.add("63") }?.code == .storageUnavailable)
            #expect(stage.text(alice) == #"["62"]"#)
            #expect(try await ledger.all() == ["62"])
            #expect(try await ledger.add("64") == ["62", "64"])
        }
    }

    @Test func `H18 a conflict that escapes the call drops the activation, and the next one reads`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            let first = try await ledger.status().activation
            try await stage.overwrite(alice, #"["other"]"#)
            #expect(await grainFailure { try await ledger.add("mine") }?.code == .stateConflict)
            let status = try await ledger.status()
            #expect(status.activation != first)
            #expect(status.entries == ["other"])
        }
    }

    @Test func `H18 a conflict that the grain hides drops the activation all the same`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            let first = try await ledger.status().activation
            try await stage.overwrite(alice, #"["other"]"#)
            #expect(try await ledger.addHiding("mine") == "hidden")
            let status = try await ledger.status()
            #expect(status.activation != first)
            #expect(status.entries == ["other"])
        }
    }

    @Test func `H19 a conflict drops only the grain that has it, not its caller`() async throws {
        try await StateStage.play {
            Ledger.self
            Proxy.self
        } _: { stage async throws in
            let proxy = stage.silo.grain(Proxy.self, "proxy")
            let ledger = stage.silo.grain(Ledger.self, "alice")
            let first = (try await proxy.activationNumber(), try await ledger.status().activation)
            try await stage.overwrite(alice, #"["other"]"#)
            #expect(await grainFailure { try await proxy.add("mine", to: "alice") }?.code == .stateConflict)
            #expect(try await proxy.activationNumber() == first.0)
            #expect(try await ledger.status().activation != first.1)
        }
    }

    @Test func `H20 a conflict that the grain settles by a reload keeps the activation`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            let first = try await ledger.status().activation
            try await stage.overwrite(alice, #"["other"]"#)
            #expect(try await ledger.addCatching("mine") == "reloaded")
            let status = try await ledger.status()
            #expect(status.activation == first && status.entries == ["other"] && !status.isDirty)
            #expect(try await ledger.addCatching("mine") == "saved")
            #expect(stage.text(alice) == #"["other","mine"]"#)
        }
    }

    @Test func `H23 a call during a save gives a save of its own, and a read needs no load`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            #expect(try await ledger.all() == [])
            let hold = StorageHold()
            stage.faults.next(.save, .holdBefore(hold))
            async let first = ledger.add("1")
            await hold.reached()
            async let second = ledger.add("2")
            await stage.waiting(atLeast: 1)
            #expect(stage.faults.count(.save) == 1)
            hold.release()
            #expect(try await first == ["1"])
            #expect(try await second == ["1", "2"])
            #expect(try await ledger.all() == ["1", "2"])
            #expect(stage.faults.count(.save) == 2)
            #expect(stage.faults.count(.load) == 1)
        }
    }

    @Test func `H24 after a save that failed the next call works on what was really read`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("1")
            let hold = StorageHold()
            stage.faults.next(.save, .holdBefore(hold), .failBefore())
            async let first = ledger.add("2")
            await hold.reached()
            async let failing = grainFailure { try await ledger.add("3") }
            await stage.waiting(atLeast: 1)
            async let reading = ledger.all()
            await stage.waiting(atLeast: 2)
            let loads = stage.faults.count(.load)
            hold.release()
            #expect(try await first == ["1", "2"])
            #expect(await failing?.code == .storageUnavailable)
            #expect(try await reading == ["1", "2"])
            #expect(stage.faults.count(.load) == loads + 1)
        }
    }

    @Test func `H25 a cancelled caller that waits for its turn fails alone`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            let hold = StorageHold()
            stage.faults.next(.save, .holdBefore(hold))
            async let first = ledger.add("1")
            await hold.reached()
            let cancelled = Task { try await ledger.add("2") }
            await stage.waiting(atLeast: 1)
            async let third = ledger.add("3")
            await stage.waiting(atLeast: 2)
            cancelled.cancel()
            await #expect(throws: CancellationError.self) { try await cancelled.value }
            hold.release()
            #expect(try await first == ["1"])
            #expect(try await third == ["1", "3"])
        }
    }

    @Test func `H26 what was acknowledged is there after the silo is killed`() async throws {
        let cluster = InMemoryCluster()
        let killed = StateStage(cluster: cluster) { Ledger.self }
        try await killed.silo.start()
        let lost = killed.silo.grain(Ledger.self, "alice")
        #expect(try await lost.add("acknowledged") == ["acknowledged"])
        _ = try await lost.addUnsaved("never saved")
        // The killed silo is let go of without a word: its namesake takes its place.
        try await StateStage.play(cluster: cluster) {
            Ledger.self
        } _: { stage async throws in
            #expect(try await stage.silo.grain(Ledger.self, "alice").all() == ["acknowledged"])
        }
        // It was frozen rather than dead: nothing that it writes counts.
        #expect(await grainFailure { try await lost.add("ghost") }?.code == .fenced)
        #expect(killed.text(alice) == #"["acknowledged"]"#)
        await killed.fenced()
        await #expect(throws: GrainError.self) { try await killed.stop() }
    }

    @Test func `A19 two grain types with one key and one state name are independent`() async throws {
        try await StateStage.play {
            Ledger.self
            Diary.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            let diary = stage.silo.grain(Diary.self, "alice")
            _ = try await ledger.add("money")
            try await diary.write("dear")
            await stage.silo.deactivate(ledger)
            await stage.silo.deactivate(diary)
            #expect(try await ledger.all() == ["money"])
            #expect(try await diary.read() == ["dear"])
        }
    }
}
