import Foundation
import Granary
import GranaryPostgres
import GranaryTestGrains
import GranaryTestSupport
import Testing

@testable import GranaryRuntime

/// A client of silos that are processes of their own, and that are killed.
@Suite(.timeLimit(.minutes(5)), .serialized) struct ClientProcessTests {
    private func withClient(
        of cluster: ProcessCluster, _ body: (ClusterClient) async throws -> Void
    ) async throws {
        let client = ClusterClient(
            configuration: ClientConfiguration(cluster: "test"),
            gateways: .listed(in: .postgres(cluster.database.conninfo)),
            endpoint: .tcp(), logger: .quiet)
        try await client.whileConnected(body)
    }

    @Test func `C46 a silo is killed and another one added under a client's calls: each call ends, and soon`()
        async throws
    {
        try await ProcessCluster.with { cluster in
            let silos = [try await cluster.start("a"), try await cluster.start("b"), try await cluster.start("c")]
            try await withClient(of: cluster) { client in
                let load = Load(keys: 40, pause: .milliseconds(5)) { key, number in
                    try await client.grain(Tally.self, key).add(number)
                }
                try await load.run {
                    await load.made(500)
                    silos[1].signal(SIGKILL)
                    await load.made(1_000)
                    try await cluster.start("d")
                    await load.made(1_000)
                }
                #expect(load.longest < .seconds(20))
                print("the longest call around a killed silo, from outside: \(load.longest)")
                #expect(load.failures.allSatisfy { $0.contains("outcomeUnknown") }, "\(load.failures.prefix(5))")
                for (key, numbers) in load.acknowledged {
                    let known = Set(numbers)
                    let stored = try await client.grain(Tally.self, key).all()
                    #expect(stored.filter { known.contains($0) } == numbers, "\(key)")
                }
            }
        }
    }

    @Test func `J5 a silo that is gone from the view is not dialed again`() async throws {
        try await ProcessCluster.with { cluster in
            let silos = [try await cluster.start("a"), try await cluster.start("b")]
            let address = try await cluster.database.psql("select address from granary.member where name = 'b'")
            let ports = address.split { !$0.isNumber }.suffix(2).compactMap { Int($0) }
            try #require(ports.count == 2)
            try await withClient(of: cluster) { client in
                var places: [String: Int32] = [:]
                for number in 0..<100 {
                    places["key \(number)"] = try await client.grain(Tally.self, "key \(number)").process()
                }
                #expect(Set(places.values) == Set(silos.map(\.identifier)))
                silos[1].signal(SIGKILL)
                await silos[1].wait()
                let moved = try #require(places.first { $0.value == silos[1].identifier }?.key)
                #expect(try await client.grain(Tally.self, moved).process() == silos[0].identifier)
                let listeners = try ports.map { try RawSocket(listeningAt: $0) }
                for key in places.keys {
                    #expect(try await client.grain(Tally.self, key).process() == silos[0].identifier)
                }
                #expect(listeners.map { $0.acceptAll() } == [0, 0])
            }
        }
    }

    @Test func `a client needs no more of the database than to read the list of silos`() async throws {
        try await ProcessCluster.with { cluster in
            try await cluster.start("a")
            let reader = "reader_of_\(cluster.database.name)"
            try await cluster.database.psql(
                """
                create role \(reader) login;
                grant usage on schema granary to \(reader);
                grant select on granary.cluster, granary.member, granary.lease, granary.view_log, granary.migration
                  to \(reader)
                """)
            let client = ClusterClient(
                configuration: ClientConfiguration(cluster: "test"),
                gateways: .listed(in: .postgres(cluster.database.conninfo(as: reader))), endpoint: .tcp(),
                logger: .quiet)
            try await client.whileConnected { (client) async throws in
                #expect(try await client.grain(Tally.self, "key").add(1) == 1)
            }
        }
    }
}
