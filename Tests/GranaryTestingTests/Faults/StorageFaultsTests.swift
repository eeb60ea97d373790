import Granary
import GranaryCore
import GranaryTesting
import Logging
import Testing

/// Faults by plan do what the plan says.
@Suite(.timeLimit(.minutes(1))) struct StorageFaultsTests {
    private let grain = GrainID(type: "Cart", key: "a")

    private func store(_ faults: StorageFaults) async throws -> (any StateStore, InMemoryCluster) {
        let cluster = InMemoryCluster()
        let candidate = MemberCandidate(
            incarnation: "a", name: "a", address: "", weight: 1, types: [], leaseMilliseconds: 1)
        let joined = try #require(try await cluster.join(candidate, view: 0, superseding: nil))
        _ = try await cluster.advance(joined.silo, to: .active, view: joined.view)
        let connection = try await FaultyBackend(.memory(cluster), faults: faults).connect(
            BackendContext(logger: Logger(label: "test"), time: ManualTimeSource(), random: SeededRandomSource(seed: 1))
        )
        return (connection.stateStore(writingAs: joined.silo), cluster)
    }

    private func save(_ grain: GrainID, _ next: UInt64, over expected: UInt64? = nil) -> StateSave {
        StateSave(
            grain: grain,
            writes: [
                StateWrite(
                    name: "s", expected: expected.map { ETag(high: 0, low: $0) }, next: ETag(high: 0, low: next),
                    version: 0, data: Array("\(next)".utf8))
            ])
    }

    @Test func `faults are taken in order, one per operation`() async throws {
        let faults = StorageFaults()
        let (store, cluster) = try await store(faults)
        faults.next(.save, .none, .failBefore(), .lostAnswer, .answer(.fenced))
        #expect(try await store.save(save(grain, 1)) == .saved)
        await #expect(throws: StorageError.self) { try await store.save(save(grain, 2, over: 1)) }
        #expect(cluster.record(of: grain, "s").etag?.low == 1)
        await #expect(throws: StorageError.self) { try await store.save(save(grain, 3, over: 1)) }
        #expect(cluster.record(of: grain, "s").etag?.low == 3)
        #expect(try await store.save(save(grain, 4, over: 3)) == .fenced)
        #expect(try await store.save(save(grain, 5, over: 3)) == .saved)
        #expect(faults.count(.save) == 5)
        #expect(faults.count(.load) == 0)
    }

    @Test func `faults can be meant for one grain`() async throws {
        let faults = StorageFaults()
        let (store, _) = try await store(faults)
        faults.next(.save, .failBefore(), of: grain)
        #expect(try await store.save(save(GrainID(type: "Cart", key: "b"), 1)) == .saved)
        await #expect(throws: StorageError.self) { try await store.save(save(grain, 1)) }
    }

    @Test func `a store that is taken away comes back`() async throws {
        let faults = StorageFaults()
        let (store, _) = try await store(faults)
        faults.takeAway()
        await #expect(throws: StorageError.self) { try await store.load(StateLoad(grain: grain, names: ["s"])) }
        await #expect(throws: StorageError.self) { try await store.save(save(grain, 1)) }
        faults.restore()
        #expect(try await store.load(StateLoad(grain: grain, names: ["s"])) == [.absent])
    }

    @Test func `operations are held before or after they happen`() async throws {
        let faults = StorageFaults()
        let (store, cluster) = try await store(faults)
        let (before, after) = (StorageHold(), StorageHold())
        faults.next(.save, .holdBefore(before), .holdAfter(after))
        async let first = store.save(save(grain, 1))
        await before.reached()
        #expect(cluster.record(of: grain, "s") == .absent)
        before.release()
        #expect(try await first == .saved)
        async let second = store.save(save(grain, 2, over: 1))
        await after.reached()
        #expect(cluster.record(of: grain, "s").etag?.low == 2)
        after.release()
        #expect(try await second == .saved)
    }

    @Test func `chance comes from the seed`() async throws {
        func run(_ seed: UInt64) async throws -> [Bool] {
            let (store, _) = try await store(StorageFaults(seed: seed, rate: 0.5))
            var results: [Bool] = []
            for number in 0..<64 {
                let grain = GrainID(type: "Cart", key: "\(number)")
                results.append((try? await store.save(save(grain, 1))) == .saved)
            }
            return results
        }
        let first = try await run(7)
        #expect(try await run(7) == first)
        #expect(try await run(8) != first)
        #expect(first.contains(true) && first.contains(false))
    }
}
