import Granary
import GranaryTesting
import Testing

@testable import GranaryRuntime

/// Who has a grain. There is no directory: the ring says it, and what others keep in directories must hold all the same.
@Suite(.timeLimit(.minutes(2)), .serialized) struct OwnerTests {
    @Test func `E1: every silo names the same owner, before a grain is active, while it is, and after`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b", "c")
            for number in 0..<30 {
                let key = "key \(number)"
                let owner = try #require(silos[0].owner(of: silos[0].ledger(key)))
                #expect(silos.allSatisfy { $0.owner(of: $0.ledger(key)) == owner })
                for silo in silos { #expect(try await silo.ledger(key).place() == owner) }
                for silo in silos { await silo.deactivate(silo.ledger(key)) }
                #expect(cluster.book.place(of: key) == nil)
                #expect(silos.allSatisfy { $0.owner(of: $0.ledger(key)) == owner })
                #expect(try await silos[1].ledger(key).place() == owner)
                #expect(cluster.book.activations(of: key) == 2)
            }
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    /// What a wrong entry in a directory is elsewhere, is a list of silos that is out of date here.
    @Test func `E7, E8, C47: a call by an old list is turned away where the grain was, and served where it is`()
        async throws
    {
        try await LedgerCluster.with { cluster in
            let faults = StorageFaults()
            let first = try await cluster.start("a", faults: faults)
            let second = try await cluster.start("b")
            await cluster.agree([first, second])
            for number in 0..<40 { _ = try await second.ledger("key \(number)").add(1) }
            // The first silo hears of the newcomer later than everybody else.
            faults.always(.membership, .failBefore())
            faults.always(.renew, .failBefore())
            for name in ["b", "c"] { cluster.network.delay(from: name, to: "a", by: .milliseconds(300)) }
            let third = try await cluster.start("c")
            let moved = (0..<40).map { "key \($0)" }.filter { key in
                first.owner(of: first.ledger(key)) == "b" && third.owner(of: third.ledger(key)) == "c"
            }
            #expect(!moved.isEmpty, "a knew already")
            let began = ContinuousClock.now
            for key in moved { #expect(try await first.ledger(key).add(2) == 2) }
            #expect(ContinuousClock.now - began < .seconds(10))
            for key in moved { #expect(try await first.ledger(key).place() == "c") }
            #expect(cluster.book.doubles.isEmpty)
            faults.restore()
            for name in ["b", "c"] { cluster.network.heal("a", name) }
        }
    }

    @Test func `E12, E13: a call that gives up while a dead silo's lease runs activates nothing, then or later`()
        async throws
    {
        try await LedgerCluster.with { cluster in
            func strict(_ settings: inout SiloConfiguration) {
                settings.failover = .strict
                settings.lease = .seconds(2)
            }
            let first = try await cluster.start("a", settings: strict)
            let second = try await cluster.start("b", settings: strict)
            await cluster.agree([first, second])
            let key = try await cluster.key(on: "b", through: first)
            let other = try await cluster.key(on: "b", through: first, "other")
            // One that is only cut off would say that it serves no more, and nobody would wait.
            try await cluster.kill("b")
            await eventually { first.owner(of: first.ledger(key)) == "a" }
            let call = Task { try await first.ledger(key).ping() }
            let late = await grainError { try await first.ledger(key).within(.milliseconds(200)).ping() }
            #expect(late?.code == .timeout)
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            // The lease is over when this one is served.
            #expect(try await first.ledger(other).place() == "a")
            #expect(cluster.book.activations(of: key) == 1)
            #expect(try await first.ledger(key).ping() == 2)
        }
    }

    @Test func `E14: in the strict mode who leaves in peace, or never was, is succeeded at once`() async throws {
        try await LedgerCluster.with { cluster in
            func strict(_ settings: inout SiloConfiguration) {
                settings.failover = .strict
                settings.lease = .seconds(20)
            }
            let first = try await cluster.start("a", settings: strict)
            let began = ContinuousClock.now
            #expect(try await first.ledger("first").ping() == 1)
            let second = try await cluster.start("b", settings: strict)
            await cluster.agree([first, second])
            var keys: [String] = []
            for number in 0..<20 where try await first.ledger("key \(number)").place() == "b" {
                keys.append("key \(number)")
            }
            try await cluster.stop("b")
            for key in keys { #expect(try await first.ledger(key).place() == "a") }
            // Less than a quarter of the lease, in which it is renewed: nothing waits for that.
            #expect(ContinuousClock.now - began < .seconds(4))
            #expect(!keys.isEmpty && cluster.book.doubles.isEmpty)
        }
    }
}
