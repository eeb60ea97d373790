import Granary
import GranaryCluster
import GranaryTesting
import GranaryTransport
import Synchronization
import Testing

@testable import GranaryRuntime

/// Silos that are told to stop while they join a cluster.
@Suite(.timeLimit(.minutes(1))) struct StartTests {
    /// A silo that joins, is held before one of its first statements, and is told to stop meanwhile.
    private struct Scene {
        let store = InMemoryCluster()
        let first: Silo
        let second: Silo
        let hold = StorageHold()
        let start: Task<Void, any Error>
        let stop: Task<Void, any Error>

        /// - Parameter passed: How many statements are not held.
        init(passed: Int) async throws {
            let network = InProcessNetwork()
            let faults = StorageFaults()
            for _ in 0..<passed { faults.next(.membership, .none) }
            faults.next(.membership, .holdBefore(hold))
            func silo(_ name: String, _ backend: any SiloBackend) -> Silo {
                Silo(
                    configuration: SiloConfiguration(cluster: "test", name: name), backend: backend,
                    endpoint: .inProcess(network, named: name), logger: .quiet
                ) { Auction.self }
            }
            first = silo("a", .memory(store))
            try await first.start()
            let second = silo("b", FaultyBackend(.memory(store), faults: faults))
            self.second = second
            start = Task { try await second.start() }
            await hold.reached()
            stop = Task { try await second.shutDown() }
            await eventually { second.life.withLock(\.isStopping) }
        }

        /// Waits until the silo has stopped, and looks whether it left.
        func end() async throws {
            try await stop.value
            let members = try await store.read().members.filter { $0.name == "b" }
            #expect(members.allSatisfy { $0.status == .left })
            #expect(first.isReady)
            try await first.shutDown()
        }
    }

    @Test(arguments: 2...4)
    func `a silo that is told to stop while it joins leaves its cluster`(passed: Int) async throws {
        // The settings and the view come first; then it is held before it joins, while that is known, or before it is active.
        let scene = try await Scene(passed: passed)
        scene.hold.release()
        let failure = await grainError { try await scene.start.value }
        // A silo that is recorded as active has started, and leaves as any other.
        #expect(failure?.code == (passed < 4 ? .siloUnavailable : nil))
        try await scene.end()
    }

    @Test func `a silo that begins to leave before its start has seen it active ends its start, and leaves`()
        async throws
    {
        let scene = try await Scene(passed: 4)
        // The protocol has a thread of its own.
        BusyPool.hold { [hold = scene.hold] in
            hold.release()
        } until: { [second = scene.second] in
            second.runtime.cluster?.phase == .leaving
        }
        try await scene.start.value
        try await scene.end()
    }
}
