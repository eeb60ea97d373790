import Granary
import GranaryCore
import GranaryTesting
import Testing

/// A silo that was declared dead.
@Suite(.timeLimit(.minutes(1))) struct FencedSiloTests {
    @Test(arguments: [true, false])
    func `a silo that learns of its death closes its gates, and run() throws`(bySave: Bool) async throws {
        let stage = StateStage { Ledger.self }
        async let running: GrainError? = grainFailure { try await stage.silo.run() }
        let ledger = stage.silo.grain(Ledger.self, "alice")
        _ = try await ledger.add("good")
        _ = try await stage.silo.grain(Ledger.self, "bob").all()
        let view = try await stage.cluster.read()
        _ = try await stage.cluster.declareDead(
            [view.members[0].silo], view: view.number, reason: "test", proven: false)
        if bySave {
            let error = await grainFailure { try await ledger.add("ghost") }
            #expect(error?.code == .fenced)
        } else {
            // The next renewal tells.
            await stage.time.sleepers(atLeast: 3)
            stage.time.advance(by: .milliseconds(750))
        }
        #expect(await running?.code == .fenced)
        for key in ["alice", "bob", "carol"] {
            let late = stage.silo.grain(Ledger.self, key)
            #expect(await late.fenced()?.code == .fenced)
        }
        #expect(!stage.silo.isReady)
        #expect(
            stage.cluster.record(of: GrainID(type: "Ledger", key: "alice"), "entries").data == Array(#"["good"]"#.utf8))
    }

    @Test func `a fenced silo neither saves what write-behind has left nor runs deactivate`() async throws {
        let stage = StateStage { Greeter.self }
        async let running: GrainError? = grainFailure { try await stage.silo.run() }
        #expect(try await stage.silo.grain(Greeter.self, "a").counts() == [1, 0])
        let view = try await stage.cluster.read()
        _ = try await stage.cluster.declareDead(
            [view.members[0].silo], view: view.number, reason: "test", proven: false)
        await stage.time.sleepers(atLeast: 3)
        stage.time.advance(by: .milliseconds(750))
        #expect(await running?.code == .fenced)
        #expect(stage.faults.count(.save) == 0)
    }
}

extension Ledger.Reference {
    /// Calls until the gate is closed: a call that began before may still be answered.
    fileprivate func fenced() async -> GrainError? {
        while true {
            do { _ = try await all() } catch { return error as? GrainError }
            await Task.yield()
        }
    }
}
