import Foundation
import Granary
import GranaryTestGrains
import GranaryTestSupport
import Testing

@testable import GranaryRuntime

/// Clusters of real processes.
@Suite(.timeLimit(.minutes(5)), .serialized) struct SiloProcessTests {
    private func load(_ cluster: ProcessCluster, keys: Int, pause: Duration = .milliseconds(5)) -> Load {
        Load(keys: keys, pause: pause) { [gate = cluster.gate] key, number in
            try await gate.grain(Tally.self, key).add(number)
        }
    }

    /// Which keys of a load are in which process.
    private func places(_ cluster: ProcessCluster, keys: Int) async throws -> [String: Int32] {
        var places: [String: Int32] = [:]
        for number in 0..<keys { places["load \(number)"] = try await cluster.tally("load \(number)").process() }
        return places
    }

    /// What was acknowledged is there, in order and once.
    private func check(_ load: Load, in cluster: ProcessCluster) async throws {
        for (key, numbers) in load.acknowledged {
            let stored = try await cluster.tally(key).all()
            let known = Set(numbers)
            #expect(stored.filter { known.contains($0) } == numbers, "\(key)")
        }
    }

    @Test func `three processes are one cluster, and SIGTERM ends each with status 0`() async throws {
        try await ProcessCluster.with { cluster in
            let silos = [try await cluster.start("a"), try await cluster.start("b"), try await cluster.start("c")]
            let places = Set(try await places(cluster, keys: 60).values)
            #expect(places == Set(silos.map(\.identifier)))
            for silo in silos.dropLast() {
                silo.signal(SIGTERM)
                #expect(await silo.wait() == 0)
                #expect(silo.output.contains("abandoned=0"))
            }
            #expect(Set(try await self.places(cluster, keys: 60).values) == [silos[2].identifier])
        }
    }

    @Test func `a silo that an operator asks to leave hands over and ends with status 0`() async throws {
        try await ProcessCluster.with { cluster in
            let silos = [try await cluster.start("a"), try await cluster.start("b")]
            let load = load(cluster, keys: 20)
            try await load.run {
                await load.made(200)
                // What `granary silo drain` does.
                try await cluster.database.psql(
                    """
                    select granary.advance(c.view, m.silo, 'leaving') from granary.cluster c, granary.member m
                    where m.name = 'a' and m.status = 'active'
                    """)
                #expect(await silos[0].wait() == 0)
                #expect(silos[0].output.contains("ended: "))
                await load.made(200)
            }
            #expect(load.failures.isEmpty, "\(load.failures.prefix(5))")
            try await check(load, in: cluster)
        }
    }

    @Test(arguments: [FailoverMode.fast, .strict])
    func `C12 a silo that is declared dead while it lives ends with an error, and its grains live elsewhere`(
        mode: FailoverMode
    ) async throws {
        try await ProcessCluster.with(failover: mode) { cluster in
            let silos = [try await cluster.start("a"), try await cluster.start("b")]
            let load = load(cluster, keys: 20)
            try await load.run {
                await load.made(200)
                // What `granary silo evict` does.
                try await cluster.database.psql(
                    """
                    select granary.declare_dead(c.view, array[m.silo], 'evicted', false)
                    from granary.cluster c, granary.member m where m.name = 'a' and m.status = 'active'
                    """)
                #expect(await silos[0].wait() == 1)
                #expect(silos[0].output.contains("declared dead"))
                // In the strict mode it has said that it serves no more: else the others would wait for its lease.
                let isProven = try await cluster.database.psql("select fenced from granary.member where name = 'a'")
                #expect(isProven == (mode == .strict ? "t" : "f"))
                #expect(Set(try await places(cluster, keys: 20).values) == [silos[1].identifier])
                await load.made(200)
            }
            try await check(load, in: cluster)
        }
    }
}
