import Granary
import GranaryTesting
import Testing

@testable import GranaryRuntime

/// Networks in one process that fall apart.
@Suite(.timeLimit(.minutes(3)), .serialized) struct DividedTests {
    private func divide(_ cluster: LedgerCluster, _ side: [String], _ others: [String]) {
        for one in side { for other in others { cluster.network.silence(one, other) } }
    }

    private func heal(_ cluster: LedgerCluster, _ side: [String], _ others: [String]) {
        for one in side { for other in others { cluster.network.heal(one, other) } }
    }

    /// What a supervisor does with a silo that has learned of its death.
    private func end(_ cluster: LedgerCluster, _ name: String) async {
        await #expect(throws: GrainError.self) { try await cluster.stop(name) }
        cluster.book.forget(name)
    }

    @Test func `C72: a thousand grains on four silos, cut in two: one side goes on, and all heals`()
        async throws
    {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b", "c", "d")
            func addToAll(_ number: Int, through silo: Silo) async throws -> [Int] {
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for key in 0..<1_000 { group.addTask { try await silo.ledger("key \(key)").add(number) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
            #expect(try await addToAll(1, through: silos[0]) == [Int](repeating: 1, count: 1_000))
            divide(cluster, ["a", "b"], ["c", "d"])
            // Of two equal sides the one with the lowest number.
            for silo in silos[2...] { await eventually { silo.runtime.fencing != nil } }
            for name in ["c", "d"] { await end(cluster, name) }
            #expect(try await addToAll(2, through: silos[0]) == [Int](repeating: 2, count: 1_000))
            heal(cluster, ["a", "b"], ["c", "d"])
            let again = [try await cluster.start("c"), try await cluster.start("d")]
            await cluster.agree(Array(silos[..<2]) + again)
            #expect(try await addToAll(3, through: again[0]) == [Int](repeating: 3, count: 1_000))
            await eventually { (Array(silos[..<2]) + again).map(\.activationCount).reduce(0, +) == 1_000 }
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    @Test func `C27: a silo that joins while the network is divided waits for the larger side, and all agree`()
        async throws
    {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b", "c")
            divide(cluster, ["a", "b", "d"], ["c"])
            let fourth = try await cluster.start("d")
            await eventually { silos[2].runtime.fencing != nil }
            await end(cluster, "c")
            heal(cluster, ["a", "b", "d"], ["c"])
            let again = try await cluster.start("c")
            await cluster.agree([silos[0], silos[1], fourth, again])
            var places: Set<String> = []
            for number in 0..<60 { places.insert(try await fourth.ledger("key \(number)").place()) }
            #expect(places == ["a", "b", "c", "d"])
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    @Test func `G13: a hand-over that never arrives costs a load, and nothing else`() async throws {
        try await LedgerCluster.with { cluster in
            let faults = StorageFaults()
            let first = try await cluster.start("a", faults: faults)
            let second = try await cluster.start("b")
            await cluster.agree([first, second])
            var keys: [String] = []
            for number in 0..<40 where try await first.ledger("key \(number)").add(1) == 1 {
                if first.owner(of: first.ledger("key \(number)")) == "b" { keys.append("key \(number)") }
            }
            let loads = faults.count(.load)
            // Nothing of what it says as it leaves gets through; the list of members does.
            cluster.network.silence(from: "b", to: "a")
            try await cluster.stop("b")
            for key in keys { #expect(try await first.ledger(key).add(2) == 2) }
            #expect(faults.count(.load) > loads)
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    @Test func `C60: the database goes away twice: each time all go on, and nothing is lost`() async throws {
        try await LedgerCluster.with { cluster in
            let faults = StorageFaults()
            var silos: [Silo] = []
            for name in ["a", "b", "c"] {
                silos.append(try await cluster.start(name, faults: faults) { $0.lease = .seconds(1) })
            }
            await cluster.agree(silos)
            for round in 1...2 {
                for number in 0..<30 {
                    #expect(try await silos[round].ledger("key \(number)").add(round) == round)
                }
                faults.takeAway()
                let end = ContinuousClock.now + .seconds(2)
                while ContinuousClock.now < end {
                    for silo in silos { #expect(try await silo.ledger("key 1").ping() == 1) }
                    try await Task.sleep(for: .milliseconds(50))
                }
                faults.restore()
                await cluster.agree(silos)
            }
            for number in 0..<30 { #expect(try await silos[0].ledger("key \(number)").all() == [1, 2]) }
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    @Test func `C43: with a store that fails one time in five no addition is lost or doubled`()
        async throws
    {
        try await LedgerCluster.with { cluster in
            let faults = StorageFaults(seed: 11, rate: 0.2)
            let silos = [
                try await cluster.start("a", faults: faults), try await cluster.start("b", faults: faults),
                try await cluster.start("c", faults: faults),
            ]
            await cluster.agree(silos)
            for number in 0..<60 {
                let key = "key \(number)"
                var acknowledged: [Int] = []
                for entry in 0..<5 {
                    do {
                        _ = try await silos[entry % 3].ledger(key).add(entry)
                        acknowledged.append(entry)
                    } catch let error as GrainError {
                        let codes: [GrainError.Code] = [.storageUnavailable, .outcomeUnknown, .activationFailed]
                        #expect(codes.contains(error.code), "\(error)")
                    }
                }
                var stored: [Int]?
                while stored == nil { stored = try? await silos[number % 3].ledger(key).all() }
                let entries = stored ?? []
                #expect(Set(entries).count == entries.count && entries == entries.sorted())
                #expect(entries.filter { acknowledged.contains($0) } == acknowledged)
            }
            #expect(cluster.book.doubles.isEmpty)
        }
    }
}
