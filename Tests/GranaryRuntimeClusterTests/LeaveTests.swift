import Granary
import GranaryCluster
import GranaryTesting
import Synchronization
import Testing

@testable import GranaryRuntime

/// Silos that leave in peace: no call fails, and nothing that was acknowledged is lost.
@Suite(.timeLimit(.minutes(3)), .serialized) struct LeaveTests {
    @Test(arguments: ClusterKind.allCases)
    func `G16 every silo is replaced under load: no call fails and no addition is lost`(kind: ClusterKind) async throws
    {
        try await LedgerCluster.with(kind) { cluster in
            let stays = try await cluster.join("gate")
            _ = try await cluster.startAll("a1", "b1", "c1")
            let load = Load(keys: 24) { key, number in try await stays.ledger(key).add(number) }
            try await load.run {
                await load.made(200)
                for name in ["a", "b", "c"] {
                    try await cluster.join("\(name)2")
                    await load.made(200)
                    try await cluster.stop("\(name)1")
                    await load.made(200)
                }
            }
            #expect(load.failures.isEmpty)
            for (key, numbers) in load.acknowledged { #expect(try await stays.ledger(key).all() == numbers) }
            #expect(cluster.book.doubles.isEmpty)
            print("longest call during the replacement: \(load.longest)")
        }
    }

    @Test func `C18 each silo has its own workers, and they hold up nobody who leaves`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            for (silo, name) in zip(silos, ["a", "b"]) {
                for number in 0..<20 {
                    #expect(try await silo.grain(Helper.self, "helper \(number)").place() == name)
                    #expect(
                        try await silo.grain(Helper.self, "helper \(number)").within(.seconds(5)).place() == name)
                    // Nobody waits for a one-way call; it runs here all the same.
                    try await silo.grain(Helper.self, "helper \(number)").note("word \(number)")
                    await cluster.book.events.wait(for: "word \(number) on \(name)")
                }
            }
            let began = ContinuousClock.now
            try await cluster.stop("b")
            #expect(ContinuousClock.now - began < .seconds(10))
            #expect(silos[1].drainReport?.abandoned == 0)
            #expect(try await silos[0].grain(Helper.self, "helper 1").place() == "a")
        }
    }

    @Test func `G8 a call that is running when its silo is told to stop completes`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            let key = try await cluster.key(on: "b", through: silos[0])
            async let answer = silos[0].ledger(key).wait(for: "timer")
            await cluster.book.events.wait(for: "\(key) waits on b")
            async let stopped: Void = cluster.stop("b")
            await eventually { silos[1].runtime.cluster?.phase == .leaving }
            cluster.book.latch("timer").open()
            #expect(try await answer == "b")
            try await stopped
            #expect(try await silos[0].ledger(key).place() == "a")
        }
    }

    @Test func `G12 the states of a grain that moves travel along, and the next owner need not load them`() async throws
    {
        try await LedgerCluster.with { cluster in
            let faults = StorageFaults()
            let first = try await cluster.join("a", faults: faults)
            try await cluster.join("b")
            for number in 0..<40 {
                _ = try await first.ledger("key \(number)").add(1)
                _ = try await first.ledger("key \(number)").add(2)
            }
            let loads = faults.count(.load)
            try await cluster.stop("b")
            for number in 0..<40 { #expect(try await first.ledger("key \(number)").all() == [1, 2]) }
            #expect(first.activationCount == 40)
            #expect(faults.count(.load) == loads)
            for number in 0..<40 { #expect(try await first.ledger("key \(number)").add(3) == 3) }
        }
    }

    @Test func `G12 a silo does not end before the states that it handed over have come, however slow the way`()
        async throws
    {
        try await LedgerCluster.with { cluster in
            let faults = StorageFaults()
            let first = try await cluster.join("a", faults: faults)
            try await cluster.join("b")
            for number in 0..<40 { _ = try await first.ledger("key \(number)").add(1) }
            let loads = faults.count(.load)
            // The list of members tells the end at once.
            cluster.network.delay(from: "b", to: "a", by: .milliseconds(200))
            try await cluster.stop("b")
            for number in 0..<40 { #expect(try await first.ledger("key \(number)").all() == [1]) }
            #expect(faults.count(.load) == loads)
        }
    }

    @Test func `a grain whose deactivation is slow delays only itself`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            let slow = try await cluster.key(on: "b", through: silos[0], "slow")
            for number in 0..<50 { _ = try await silos[0].ledger("key \(number)").ping() }
            cluster.book.onDeactivate { [book = cluster.book] key in
                if key == slow { await book.latch("slow").wait() }
            }
            async let stopped: Void = cluster.stop("b")
            await eventually { silos[1].activationCount == 1 }
            for number in 0..<50 { #expect(try await silos[0].ledger("key \(number)").place() == "a") }
            cluster.book.latch("slow").open()
            #expect(try await silos[0].ledger(slow).place() == "a")
            try await stopped
            #expect(silos[1].drainReport?.abandoned == 0)
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `G9 a turn that outlives the grace period is cut: its silo ends, and the next owner serves`(
        kind: ClusterKind
    ) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let first = try await cluster.join("a")
            let second = try await cluster.join("b") { $0.drainTimeout = .milliseconds(500) }
            let key = try await cluster.key(on: "b", through: first)
            let call = Task { try await first.ledger(key).wait(for: "never") }
            await cluster.book.events.wait(for: "\(key) waits on b")
            try await cluster.stop("b")
            #expect(second.drainReport?.abandoned == 1)
            #expect(await grainError { try await call.value }?.code == .outcomeUnknown)
            cluster.book.forget("b")
            #expect(try await first.ledger(key).add(1) == 1)
            #expect(try await first.ledger(key).place() == "a")
        }
    }
}
