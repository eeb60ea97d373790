import Granary
import GranaryCore
import GranaryTesting
import Testing

/// A cluster of one: who may join, and who has to go.
@Suite(.timeLimit(.minutes(1))) struct SoleMemberTests {
    private func configuration(_ name: String, cluster: String = "granary") -> SiloConfiguration {
        var configuration = StateStage.patient
        configuration.name = name
        configuration.cluster = cluster
        return configuration
    }

    private func live(_ cluster: InMemoryCluster) async throws -> [String] {
        try await cluster.read().members.filter { $0.status.isLive }.map(\.name)
    }

    @Test func `F17 a silo takes the place of its former self at once`() async throws {
        let cluster = InMemoryCluster()
        let former = StateStage(cluster: cluster, configuration: configuration("a")) { Ledger.self }
        let running = Task { await grainFailure { try await former.silo.run() } }
        _ = try await former.silo.grain(Ledger.self, "alice").add("1")
        try await StateStage.play(cluster: cluster, configuration: configuration("a")) {
            Ledger.self
        } _: { stage async throws in
            // The new clock never moved: nothing was waited for.
            #expect(stage.time.now == .zero)
            #expect(try await stage.silo.grain(Ledger.self, "alice").add("2") == ["1", "2"])
            #expect(try await cluster.read().members.map(\.status) == [.dead, .active])
            await former.time.sleepers(atLeast: 3)
            former.time.advance(by: .milliseconds(750))
            #expect(await running.value?.code == .fenced)
        }
        #expect(try await cluster.read().members.map(\.status) == [.dead, .left])
    }

    @Test func `a silo of another name is refused while the first one renews`() async throws {
        let cluster = InMemoryCluster()
        try await StateStage.play(cluster: cluster, configuration: configuration("a")) {
            Ledger.self
        } _: { first async throws in
            let second = StateStage(cluster: cluster, configuration: configuration("b")) { Ledger.self }
            async let refusal = grainFailure { try await second.silo.start() }
            await second.time.sleepers(atLeast: 1)
            await first.advance(by: .milliseconds(750))
            second.time.advance(by: .milliseconds(200))
            let error = await refusal
            #expect(error?.code == .configuration)
            #expect(error?.message.contains("'a'") == true)
            #expect(try await live(cluster) == ["a"])
            #expect(try await first.silo.grain(Ledger.self, "alice").add("1") == ["1"])
        }
    }

    @Test func `a silo of another name takes over when the first one's lease stands still, and not before`()
        async throws
    {
        let cluster = InMemoryCluster()
        let first = StateStage(cluster: cluster, configuration: configuration("a")) { Ledger.self }
        try await first.silo.start()
        let frozen = first.silo.grain(Ledger.self, "alice")
        _ = try await frozen.add("1")
        let second = StateStage(cluster: cluster, configuration: configuration("b")) { Ledger.self }
        let started = Task { try await second.silo.start() }
        // The lease is 3 s, read every 200 ms on the second silo's own clock.
        for _ in 0..<14 {
            await second.time.sleepers(atLeast: 1)
            second.time.advance(by: .milliseconds(200))
        }
        await second.time.sleepers(atLeast: 1)
        #expect(try await live(cluster) == ["a"])
        second.time.advance(by: .milliseconds(200))
        try await started.value
        #expect(try await live(cluster) == ["b"])
        #expect(try await second.silo.grain(Ledger.self, "alice").add("2") == ["1", "2"])
        // The first one wakes up.
        #expect(await grainFailure { try await frozen.add("ghost") }?.code == .fenced)
        await first.fenced()
        await #expect(throws: GrainError.self) { try await first.stop() }
        try await second.stop()
    }

    @Test func `a silo of another name joins at once when the first one has left`() async throws {
        let cluster = InMemoryCluster()
        try await StateStage.play(cluster: cluster, configuration: configuration("a")) {
            Ledger.self
        } _: { stage async throws in
            _ = try await stage.silo.grain(Ledger.self, "alice").add("1")
        }
        #expect(try await cluster.read().members.map(\.status) == [.left])
        try await StateStage.play(cluster: cluster, configuration: configuration("b")) {
            Ledger.self
        } _: { stage async throws in
            #expect(stage.time.now == .zero)
            #expect(try await stage.silo.grain(Ledger.self, "alice").all() == ["1"])
        }
    }

    @Test func `a silo of another cluster is refused, and says both names`() async throws {
        let cluster = InMemoryCluster()
        try await StateStage.play(cluster: cluster, configuration: configuration("a")) {
            Ledger.self
        } _: { _ in
        }
        let other = StateStage(cluster: cluster, configuration: configuration("a", cluster: "shop")) { Ledger.self }
        let error = await grainFailure { try await other.silo.start() }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("'granary'") == true)
        #expect(error?.message.contains("'shop'") == true)
        #expect(try await cluster.read().members.count == 1)
    }

    @Test func `the lease is renewed four times in its length, and goes on after the store was away`() async throws {
        try await StateStage.play {
            Ledger.self
        } _: { stage async throws in
            let joined = stage.faults.count(.renew)
            for round in 1...4 {
                await stage.advance(by: .milliseconds(750))
                #expect(stage.faults.count(.renew) == joined + round)
            }
            stage.faults.takeAway()
            await stage.advance(by: .milliseconds(750))
            await stage.advance(by: .milliseconds(750))
            stage.faults.restore()
            let before = try await stage.cluster.read().members[0].renewals
            await stage.advance(by: .milliseconds(750))
            #expect(try await stage.cluster.read().members[0].renewals == before + 1)
            #expect(stage.silo.isReady)
        }
    }
}
