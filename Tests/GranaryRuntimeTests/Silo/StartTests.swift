import Granary
import GranaryTesting
import Synchronization
import Testing

@testable import GranaryRuntime

/// Silos that are told to stop while they start.
@Suite(.timeLimit(.minutes(1))) struct StartTests {
    /// A silo whose start is held at an operation of its backend.
    private func makeSilo(_ store: InMemoryCluster, heldAt operation: StorageOperation, after passed: Int = 0)
        -> (Silo, StorageHold)
    {
        let faults = StorageFaults()
        let hold = StorageHold()
        for _ in 0..<passed { faults.next(operation, .none) }
        faults.next(operation, .holdBefore(hold))
        return (Silo(backend: FaultyBackend(.memory(store), faults: faults), logger: .quiet) { OtherProbe.self }, hold)
    }

    private func isToldToStop(_ silo: Silo) async { await eventually { silo.life.withLock(\.isStopping) } }

    @Test func `a silo that is told to stop while it starts does not join`() async throws {
        let store = InMemoryCluster()
        let (silo, hold) = makeSilo(store, heldAt: .connect)
        let start = Task { try await silo.start() }
        await hold.reached()
        let stop = Task { try await silo.shutDown() }
        await isToldToStop(silo)
        hold.release()
        #expect(await grainError { try await start.value }?.code == .siloUnavailable)
        try await stop.value
        #expect(try await store.read().members.isEmpty)
        #expect(!silo.isReady)
        #expect(await grainError { try await silo.grain(OtherProbe.self, "a").get() }?.code == .siloUnavailable)
    }

    @Test func `a silo that is told to stop when it has joined almost starts, and leaves`() async throws {
        let store = InMemoryCluster()
        // The settings, the view, the join and the view again come before it becomes active.
        let (silo, hold) = makeSilo(store, heldAt: .membership, after: 4)
        let start = Task { try await silo.start() }
        await hold.reached()
        let stop = Task { try await silo.shutDown() }
        await isToldToStop(silo)
        #expect(try await store.read().members.map(\.status) == [.joining])
        hold.release()
        try await start.value
        try await stop.value
        #expect(try await store.read().members.map(\.status) == [.left])
        #expect(!silo.isReady)
    }

    @Test func `run ends without an error when it is cancelled while the silo starts`() async throws {
        let store = InMemoryCluster()
        let (silo, hold) = makeSilo(store, heldAt: .connect)
        let run = Task { try await silo.run() }
        await hold.reached()
        run.cancel()
        await isToldToStop(silo)
        hold.release()
        try await run.value
        #expect(try await store.read().members.isEmpty)
    }
}
