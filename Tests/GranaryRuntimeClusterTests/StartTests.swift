import Granary
import GranaryTesting
import GranaryTransport
import Synchronization
import Testing

@testable import GranaryRuntime

/// Silos that are told to stop while they join a cluster.
@Suite(.timeLimit(.minutes(1))) struct StartTests {
    @Test(arguments: 2...4)
    func `a silo that is told to stop while it joins leaves its cluster`(passed: Int) async throws {
        let store = InMemoryCluster()
        let network = InProcessNetwork()
        let faults = StorageFaults()
        let hold = StorageHold()
        // The settings and the view come first; then it is held before it joins, while that is known, or before it is active.
        for _ in 0..<passed { faults.next(.membership, .none) }
        faults.next(.membership, .holdBefore(hold))
        func silo(_ name: String, _ backend: any SiloBackend) -> Silo {
            Silo(
                configuration: SiloConfiguration(cluster: "test", name: name), backend: backend,
                endpoint: .inProcess(network, named: name), logger: .quiet
            ) { Auction.self }
        }
        let first = silo("a", .memory(store))
        try await first.start()
        let second = silo("b", FaultyBackend(.memory(store), faults: faults))
        let start = Task { try await second.start() }
        await hold.reached()
        let stop = Task { try await second.shutDown() }
        await eventually { second.life.withLock(\.isStopping) }
        hold.release()
        let failure = await grainError { try await start.value }
        // A silo that is recorded as active has started, and leaves as any other.
        #expect(failure?.code == (passed < 4 ? .siloUnavailable : nil))
        try await stop.value
        let members = try await store.read().members.filter { $0.name == "b" }
        #expect(members.allSatisfy { $0.status == .left })
        #expect(first.isReady)
        try await first.shutDown()
    }
}
