import Granary
import GranaryCluster
import GranaryTestSupport
import GranaryTesting
import Testing

@testable import GranaryRuntime

/// Silos that come and go in numbers, or at awkward times.
@Suite(.timeLimit(.minutes(3)), .serialized) struct ChurnTests {
    @Test func `C1: one silo of a cluster serves`() async throws {
        try await LedgerCluster.with(.postgres) { cluster in
            let silo = try await cluster.start("a")
            #expect(try await silo.ledger("key").add(1) == 1)
            #expect(try await silo.ledger("key").all() == [1])
        }
    }

    @Test func `C6, C59: a silo that hosts nothing comes and goes: no grain moves, and it can call`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            for number in 0..<60 { _ = try await silos[0].ledger("key \(number)").add(1) }
            let guest = try await cluster.start("guest", hosts: .nothing)
            await cluster.agree(silos + [guest])
            for number in 0..<60 { #expect(try await guest.ledger("key \(number)").add(2) == 2) }
            try await cluster.stop("guest")
            await cluster.agree(silos)
            for number in 0..<60 { #expect(try await silos[1].ledger("key \(number)").ping() == 1) }
            #expect(cluster.book.events.all.filter { $0.contains("leaves") } == [])
        }
    }

    @Test func `C41: a silo joins while another one leaves`() async throws {
        try await LedgerCluster.with { cluster in
            let stays = try await cluster.start("stays")
            try await cluster.start("0")
            for round in 0..<4 {
                async let joined = cluster.start("\(round + 1)")
                async let left: Void = cluster.stop("\(round)")
                for number in 0..<30 { #expect(try await stays.ledger("key \(number)").add(round) == round + 1) }
                try await left
                await cluster.agree([stays, try await joined])
            }
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    @Test func `C55: while one silo takes its time to leave, others join and all but its slow grain is served`()
        async throws
    {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            let slow = try await cluster.key(on: "b", through: silos[0], "slow")
            for number in 0..<40 { _ = try await silos[0].ledger("key \(number)").ping() }
            cluster.book.onDeactivate { [book = cluster.book] key in
                if key == slow { await book.latch("slow").wait() }
            }
            async let stopped: Void = cluster.stop("b")
            await eventually { silos[1].runtime.cluster?.phase == .leaving }
            let began = ContinuousClock.now
            let third = try await cluster.start("c")
            for number in 0..<40 { #expect(try await third.ledger("key \(number)").place() != "b") }
            #expect(ContinuousClock.now - began < .seconds(10))
            cluster.book.latch("slow").open()
            try await stopped
            #expect(try await third.ledger(slow).place() != "b")
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    @Test func `C74: a burst of two thousand new grains through three silos: each runs once`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b", "c")
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<2_000 {
                    group.addTask { try await silos[number % 3].ledger("\(number)").add(number) }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(counts == [Int](repeating: 1, count: 2_000))
            #expect(silos.map(\.activationCount).reduce(0, +) == 2_000)
            #expect((0..<2_000).allSatisfy { cluster.book.activations(of: "\($0)") == 1 })
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    @Test func `C77: the next owner dies with the states that were handed to it: nothing is lost`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b", "c")
            for number in 0..<60 { _ = try await silos[0].ledger("key \(number)").add(1) }
            try await cluster.stop("b")
            cluster.network.kill("c")
            cluster.book.forget("c")
            for number in 0..<60 { #expect(try await silos[0].ledger("key \(number)").add(2) == 2) }
            #expect(cluster.book.doubles.isEmpty)
        }
    }

    @Test func `C30: silos that come and go leave nothing behind in the list of members`() async throws {
        try await LedgerCluster.with(.postgres) { cluster in
            let database = try #require(cluster.database)
            let stays = try await cluster.start("stays")
            for round in 0..<5 {
                try await cluster.start("x\(round)")
                try await cluster.start("y\(round)")
                try await cluster.stop("x\(round)")
                try await cluster.stop("y\(round)")
            }
            // More than an hour goes by, as far as the list can tell.
            try await database.psql("update granary.member set ended_at = ended_at - interval '2 hours'")
            try await database.psql("update granary.view_log set at = at - interval '2 hours'")
            try await cluster.start("last")
            await eventually {
                let names = try? await database.psql("select name from granary.member order by silo")
                return names == "stays\nlast"
            }
            let views = try await database.psql("select count(*) from granary.view_log")
            #expect(Int(views) ?? 99 < 6)
            for number in 0..<20 { #expect(try await stays.ledger("key \(number)").add(1) == 1) }
        }
    }
}
