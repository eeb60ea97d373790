import Granary
import GranaryTesting
import Testing

@testable import GranaryRuntime

/// Silos that host different grain types.
@Suite(.timeLimit(.minutes(2)), .serialized) struct RoleTests {
    @Test func `C37, J11: a type lives only where it is hosted, also after one of its silos died`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = [
                try await cluster.start("a"), try await cluster.start("b"),
                try await cluster.start("c", hosts: .helpers), try await cluster.start("d", hosts: .helpers),
            ]
            await cluster.agree(silos)
            var places: Set<String> = []
            for number in 0..<60 { places.insert(try await silos[2 + number % 2].ledger("key \(number)").place()) }
            #expect(places == ["a", "b"])
            cluster.network.kill("b")
            cluster.book.forget("b")
            for number in 0..<60 { #expect(try await silos[2].ledger("key \(number)").place() == "a") }
            #expect(silos[2].activationCount + silos[3].activationCount == 0)
        }
    }

    @Test func `C82: a type that no silo hosts is a typed error at once, through every silo`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = [
                try await cluster.start("a", hosts: .helpers), try await cluster.start("b", hosts: .nothing),
            ]
            await cluster.agree(silos)
            for silo in silos {
                let began = ContinuousClock.now
                let error = await grainError { try await silo.ledger("key").ping() }
                #expect(error?.code == .unknownGrainType)
                #expect(error?.message.contains("ledger") == true)
                #expect(ContinuousClock.now - began < .seconds(2))
            }
        }
    }

    @Test func `G4: a silo with running timers is killed: they run again where their grains come to life`() async throws
    {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            var keys: [String] = []
            for number in 0..<40 {
                let key = "timer \(number)"
                try await silos[0].ledger(key).tick(every: .milliseconds(20))
                if try await silos[0].ledger(key).place() == "b" { keys.append(key) }
            }
            #expect(!keys.isEmpty)
            for key in keys { await cluster.book.events.wait(for: "\(key) ticks on b") }
            cluster.network.kill("b")
            cluster.book.forget("b")
            for key in keys { try await silos[0].ledger(key).tick(every: .milliseconds(20)) }
            for key in keys { await cluster.book.events.wait(for: "\(key) ticks on a") }
            // The timers of the silo that learned of its death are over.
            await eventually { silos[1].runtime.fencing != nil }
            let count = cluster.book.events.all.count { $0.hasSuffix("ticks on b") }
            try await Task.sleep(for: .milliseconds(200))
            #expect(cluster.book.events.all.count { $0.hasSuffix("ticks on b") } == count)
        }
    }
}
