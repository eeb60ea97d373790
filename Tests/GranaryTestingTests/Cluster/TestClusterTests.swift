import Granary
import GranaryTesting
import Testing

@Suite(.timeLimit(.minutes(2)), .serialized) struct TestClusterTests {
    private func withJars(
        _ silos: Int = 3, backend: (any SiloBackend)? = nil, network: TestNetwork = .inProcess,
        _ body: (TestCluster, Latch) async throws -> Void
    ) async throws {
        let latch = Latch()
        let cluster = try await TestCluster(silos: silos, backend: backend, network: network) { silo in
            Jar.hosted { context in Jar(context: context, silo: silo, latch: latch) }
        }
        try await cluster.run { cluster in
            defer { latch.open() }
            try await body(cluster, latch)
        }
    }

    private func code(_ body: () async throws -> some Any) async -> GrainError.Code? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? GrainError)?.code
        }
    }

    @Test func `silos of a cluster know each other, and each grain lives where its owner is said to be`() async throws {
        try await withJars { cluster, _ in
            #expect(cluster.silos.map(\.configuration.name) == ["silo-1", "silo-2", "silo-3"])
            var places: Set<String> = []
            for number in 0..<30 {
                let jar = cluster.grain(Jar.self, "\(number)")
                let place = try await jar.place()
                places.insert(place)
                #expect(cluster.owner(of: jar)?.configuration.name == place)
                for silo in cluster.silos { #expect(try await silo.grain(Jar.self, "\(number)").place() == place) }
            }
            #expect(places.count == 3)
        }
    }

    @Test func `a killed silo hands nothing over, and what it writes is fenced`() async throws {
        let store = InMemoryCluster()
        try await withJars(backend: .memory(store)) { cluster, latch in
            let jar = cluster.grain(Jar.self, "one")
            #expect(try await jar.drop(1) == 1)
            let owner = try #require(cluster.owner(of: jar))
            // This call is running when its silo dies, and saves afterwards.
            let late = Task { try await owner.grain(Jar.self, "one").dropLate(10) }
            await latch.arrived()
            try await cluster.kill(owner)
            #expect(cluster.silos.count == 2)
            latch.open()
            #expect(try await jar.drop(2) == 3)
            #expect(await code { try await late.value } == .fenced)
            #expect(try await jar.count() == 3)
            #expect(try await jar.place() != owner.configuration.name)
            await cluster.settled()
            #expect(
                try await store.read().members.filter { $0.status == .dead }.map(\.name) == [owner.configuration.name])
        }
    }

    @Test func `the last silo can be killed, and another one takes over`() async throws {
        try await withJars(1) { cluster, _ in
            #expect(try await cluster.grain(Jar.self, "one").drop(1) == 1)
            try await cluster.kill(cluster.silos[0])
            #expect(cluster.silos.isEmpty)
            try await cluster.join { $0.lease = .seconds(1) }
            #expect(try await cluster.grain(Jar.self, "one").drop(1) == 2)
        }
    }

    @Test func `a cluster whose silos were all killed can be shut down`() async throws {
        let store = InMemoryCluster()
        try await withJars(2, backend: .memory(store)) { cluster, _ in
            for silo in cluster.silos { try await cluster.kill(silo) }
        }
        #expect(try await store.read().members.allSatisfy { $0.status == .dead })
    }

    @Test func `a silo that is stopped hands over, and cannot be stopped twice`() async throws {
        let store = InMemoryCluster()
        try await withJars(backend: .memory(store)) { cluster, _ in
            for number in 0..<20 { #expect(try await cluster.grain(Jar.self, "\(number)").drop(number) == number) }
            let silo = cluster.silos[1]
            try await cluster.stop(silo)
            #expect(silo.drainReport?.abandoned == 0)
            #expect(try await store.read().members.filter { $0.status == .left }.map(\.name) == ["silo-2"])
            for number in 0..<20 { #expect(try await cluster.grain(Jar.self, "\(number)").count() == number) }
            #expect(await code { try await cluster.stop(silo) } == .siloUnavailable)
            #expect(await code { try await cluster.kill(silo) } == .siloUnavailable)
        }
        #expect(try await store.read().members.allSatisfy { $0.status == .left })
    }

    @Test func `a silo that joins is known to all when it has joined, and takes its share`() async throws {
        try await withJars(2) { cluster, _ in
            for number in 0..<30 { _ = try await cluster.grain(Jar.self, "\(number)").drop(1) }
            let third = try await cluster.join(named: "late") { $0.idleAge = .seconds(60) }
            #expect(third.configuration.name == "late")
            #expect(third.configuration.idleAge == .seconds(60))
            let moved = (0..<30).filter { cluster.owner(of: cluster.grain(Jar.self, "\($0)")) === third }
            #expect(!moved.isEmpty)
            for number in moved {
                // Its last silo serves it until it lets it go.
                while try await cluster.grain(Jar.self, "\(number)").place() != "late" { await Task.yield() }
                #expect(try await cluster.grain(Jar.self, "\(number)").drop(1) == 2)
            }
        }
    }

    @Test func `a silo that is cut off from all others is declared dead, and the rest goes on`() async throws {
        try await withJars { cluster, _ in
            let jar = cluster.grain(Jar.self, "one")
            _ = try await jar.drop(1)
            let lonely = try #require(cluster.owner(of: jar))
            try cluster.partition(lonely)
            await cluster.declaredDead(lonely)
            #expect(try await jar.drop(1) == 2)
            cluster.heal()
            #expect(await code { try await lonely.grain(Jar.self, "one").drop(1) } == .fenced)
            #expect(await code { try await cluster.stop(lonely) } == .fenced)
        }
    }

    @Test func `a cut that is healed soon changes nothing`() async throws {
        try await withJars { cluster, _ in
            let jar = cluster.grain(Jar.self, "one")
            let owner = try #require(cluster.owner(of: jar))
            try cluster.partition(owner)
            let call = Task { try await jar.drop(1) }
            cluster.heal()
            #expect(try await call.value == 1)
            await cluster.settled()
            #expect(cluster.silos.map(\.isReady) == [true, true, true])
        }
    }

    @Test func `a silo that is frozen for a moment goes on`() async throws {
        try await withJars { cluster, _ in
            let jar = cluster.grain(Jar.self, "one")
            let owner = try #require(cluster.owner(of: jar))
            try cluster.freeze(owner)
            let call = Task { try await jar.drop(1) }
            try cluster.thaw(owner)
            #expect(try await call.value == 1)
            #expect(cluster.owner(of: jar) === owner)
        }
    }

    @Test func `faults can be those of one silo alone`() async throws {
        try await withJars(1) { cluster, _ in
            let faults = StorageFaults()
            let second = try await cluster.join(faults: faults)
            faults.always(.save, .failBefore())
            for number in 0..<20 {
                let jar = cluster.grain(Jar.self, "\(number)")
                let isFaulty = cluster.owner(of: jar) === second
                #expect(await code { try await jar.drop(1) } == (isFaulty ? .storageUnavailable : nil))
            }
            faults.restore()
        }
    }

    @Test func `over TCP a cluster works as well, and cannot be disturbed`() async throws {
        try await withJars(2, network: .tcp) { cluster, _ in
            for number in 0..<10 { #expect(try await cluster.grain(Jar.self, "\(number)").drop(number) == number) }
            #expect(await code { try await cluster.kill(cluster.silos[0]) } == .configuration)
            #expect(await code { try cluster.freeze(cluster.silos[0]) } == .configuration)
            #expect(await code { try cluster.partition(cluster.silos[0]) } == .configuration)
            try await cluster.stop(cluster.silos[0])
            for number in 0..<10 { #expect(try await cluster.grain(Jar.self, "\(number)").count() == number) }
        }
    }

    @Test func `a test that fails leaves no silo behind`() async throws {
        struct Failure: Error {}
        let store = InMemoryCluster()
        await #expect(throws: Failure.self) {
            try await withJars(2, backend: .memory(store)) { cluster, _ in
                try cluster.freeze(cluster.silos[0])
                throw Failure()
            }
        }
        #expect(try await store.read().members.allSatisfy { !$0.status.isLive })
    }

    @Test func `a cluster that cannot start says why, and leaves nothing behind`() async throws {
        let faults = StorageFaults()
        faults.next(.connect, .none, .failBefore())
        let store = InMemoryCluster()
        await #expect(throws: StorageError.self) {
            try await TestCluster(silos: 2, backend: FaultyBackend(.memory(store), faults: faults)) { [HostedGrain]() }
        }
        #expect(try await store.read().members.allSatisfy { !$0.status.isLive })
    }
}
