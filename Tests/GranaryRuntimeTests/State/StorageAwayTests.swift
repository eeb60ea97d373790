import Granary
import GranaryTesting
import Testing

/// A store that is away, for loads, for saves and at the start.
@Suite(.timeLimit(.minutes(1))) struct StorageAwayTests {
    private let alice = GrainID(type: "Ledger", key: "alice")

    @Test func `A20 a load that fails once fails the first call, and the second one succeeds`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            stage.faults.next(.load, .failBefore())
            #expect(await grainFailure { try await ledger.all() }?.code == .storageUnavailable)
            #expect(try await ledger.all() == [])
            #expect(stage.silo.activationCount == 1)
        }
    }

    @Test(arguments: [
        StorageFault.failBefore(), .failAfter(), .failBefore(StorageError(.schema, "The schema is older.")),
        .failBefore(CancellationError()),
    ])
    func `C18 a load that fails never becomes an empty grain`(_ fault: StorageFault) async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            try await stage.overwrite(alice, #"["stored"]"#)
            stage.faults.always(.load, fault)
            for _ in 0..<3 {
                let error = await grainFailure { try await ledger.all() }
                #expect([.storageUnavailable, .configuration, .activationFailed].contains(error?.code))
                #expect(error?.grain == alice)
                #expect(error?.cause != nil)
                #expect(await grainFailure { try await ledger.add("lost") } != nil)
            }
            #expect(stage.silo.activationCount == 0)
            #expect(stage.faults.count(.save) == 0)
            stage.faults.restore()
            #expect(try await ledger.add("more") == ["stored", "more"])
        }
    }

    @Test func `C18 a load that is not answered ends in time, and the next call tries again`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            try await stage.overwrite(alice, #"["stored"]"#)
            let hold = StorageHold()
            stage.faults.next(.load, .holdBefore(hold))
            async let first = grainFailure { try await ledger.all() }
            await hold.reached()
            await stage.advance(by: .seconds(30))
            #expect(await first?.code == .timeout)
            #expect(try await ledger.all() == ["stored"])
            hold.release()
        }
    }

    @Test func `C18 all calls that wait for a load learn why it failed`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            try await stage.overwrite(alice, #""no list""#)
            let hold = StorageHold()
            stage.faults.next(.load, .holdBefore(hold))
            let calls = (0..<5).map { _ in Task { await grainFailure { try await ledger.all() } } }
            await hold.reached()
            await stage.waiting(atLeast: 5)
            hold.release()
            for call in calls { #expect(await call.value?.code == .stateUnreadable) }
        }
    }

    @Test(arguments: [
        (StorageFault.failBefore(), GrainError.Code.storageUnavailable),
        (.failBefore(StorageError(.rejected, "A NUL.")), .stateRejected),
        (.failBefore(CancellationError()), .storageUnavailable),
    ])
    func `C19 a save that fails is not acknowledged, and the next call is consistent`(
        _ fault: StorageFault, _ code: GrainError.Code
    ) async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("good")
            stage.faults.next(.save, fault)
            let error = await grainFailure { try await ledger.add("bad") }
            #expect(error?.code == code)
            #expect(error?.cause != nil)
            #expect(try await ledger.add("next") == ["good", "next"])
            #expect(stage.text(alice) == #"["good","next"]"#)
        }
    }

    @Test func `grains in memory answer while the store is away`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let ledger = stage.silo.grain(Ledger.self, "alice")
            _ = try await ledger.add("good")
            stage.faults.takeAway()
            #expect(try await ledger.all() == ["good"])
            #expect(await grainFailure { try await stage.silo.grain(Ledger.self, "bob").all() } != nil)
            stage.faults.restore()
            #expect(try await stage.silo.grain(Ledger.self, "bob").all() == [])
        }
    }

    @Test func `C21 calls that come before the silo has joined wait, and are served`() async throws {
        let stage = StateStage { Ledger.self }
        let hold = StorageHold()
        stage.faults.next(.membership, .holdBefore(hold))
        async let early = stage.silo.grain(Ledger.self, "alice").add("early")
        async let started: Void = stage.silo.start()
        await hold.reached()
        #expect(!stage.silo.isReady)
        hold.release()
        try await started
        #expect(try await early == ["early"])
        try await stage.stop()
    }

    @Test(arguments: [StorageOperation.connect, .membership])
    func `C21 calls that wait for a silo that cannot start fail at once`(_ operation: StorageOperation) async throws {
        let stage = StateStage { Ledger.self }
        stage.faults.always(operation, .failBefore())
        let early = Task { await grainFailure { try await stage.silo.grain(Ledger.self, "alice").all() } }
        await eventually { stage.silo.runtime.waitingForStart == 1 }
        let cause = await #expect(throws: StorageError.self) { try await stage.silo.start() }
        let late = await grainFailure { try await stage.silo.grain(Ledger.self, "bob").all() }
        for failure in [await early.value, late] {
            #expect(failure?.code == .siloUnavailable)
            #expect((failure?.cause as? StorageError)?.message == cause?.message)
            #expect(failure?.message.contains("could not start") == true)
        }
    }

    @Test func `C21 calls that wait for a silo whose settings make no sense fail at once and say why`() async throws {
        var configuration = SiloConfiguration()
        configuration.cluster = ""
        let silo = Silo(configuration: configuration, logger: .quiet) { Ledger.self }
        let early = Task { await grainFailure { try await silo.grain(Ledger.self, "alice").all() } }
        await eventually { silo.runtime.waitingForStart == 1 }
        let cause = await grainFailure { try await silo.start() }
        #expect(cause?.code == .configuration)
        #expect(await early.value?.code == .siloUnavailable)
        #expect(await (early.value?.cause as? GrainError)?.message == cause?.message)
    }
}
