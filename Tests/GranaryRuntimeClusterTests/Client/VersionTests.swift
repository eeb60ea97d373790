import Granary
import GranaryTesting
import Testing

@testable import GranaryRuntime

/// Silos that host different versions of a grain type.
@Suite(.timeLimit(.minutes(2)), .serialized) struct VersionTests {
    private func places(of count: Int, through client: ClusterClient) async throws -> [String: Int] {
        var places: [String: Int] = [:]
        for number in 0..<count { places[try await client.ledger("key \(number)").place(), default: 0] += 1 }
        return places
    }

    @Test func `J9 silos of several versions share a type's grains, unless a newer version forbids it`() async throws {
        try await SocketCluster.with { cluster in
            try await cluster.start("v1")
            try await cluster.start("v2", ledgers: GrainOptions(version: 2))
            try await cluster.makeClient(knowing: "v1").whileConnected { client in
                let shared = try await places(of: 300, through: client)
                #expect((105...195).contains(shared["v1"] ?? 0), "\(shared)")
                #expect((105...195).contains(shared["v2"] ?? 0), "\(shared)")
                let third = try await cluster.start("v3", ledgers: GrainOptions(version: 3, oldestVersionBeside: 2))
                await eventually { client.driver.installed >= third.runtime.cluster?.installed ?? .max }
                let newer = try await places(of: 300, through: client)
                #expect(newer["v1"] == nil)
                #expect(newer.values.reduce(0, +) == 300)
                #expect(newer.count == 2)
                let last = try await cluster.start("v4", ledgers: GrainOptions(version: 4, oldestVersionBeside: 4))
                await eventually { client.driver.installed >= last.runtime.cluster?.installed ?? .max }
                #expect(try await places(of: 300, through: client) == ["v4": 300])
                // Silos call by the same rule, also those that may not host it themselves.
                #expect(try await cluster.start("other", hostsLedgers: false).ledger("key 1").place() == "v4")
                try await cluster.stop("v4")
                #expect(try await places(of: 300, through: client) == newer)
            }
        }
    }

    @Test func `J10 grains of a version that a newer one forbids move to it, idle or at work, with their states`()
        async throws
    {
        try await SocketCluster.with { cluster in
            try await cluster.start("v1")
            try await cluster.makeClient(knowing: "v1").whileConnected { client in
                for number in 0..<30 { #expect(try await client.ledger("key \(number)").add(number) == 1) }
                let busy = Task { try await client.ledger("key 0").wait(for: "gate") }
                await cluster.book.events.wait(for: "key 0 waits on v1")
                try await cluster.start("v2", ledgers: GrainOptions(version: 2, oldestVersionBeside: 2))
                for number in 1..<30 {
                    #expect(try await client.ledger("key \(number)").place() == "v2")
                    #expect(try await client.ledger("key \(number)").add(7) == 2)
                }
                // What runs goes on where it is, and what follows comes after it.
                let next = Task { try await client.ledger("key 0").add(8) }
                #expect(cluster.book.place(of: "key 0") == "v1")
                cluster.book.latch("gate").open()
                #expect(try await busy.value == "v1")
                #expect(try await next.value == 2)
                #expect(cluster.book.place(of: "key 0") == "v2")
                #expect(cluster.book.doubles.isEmpty)
            }
        }
    }

    @Test func `J10 grains stay where they are when a newer version may serve beside theirs`() async throws {
        try await SocketCluster.with { cluster in
            try await cluster.start("v1")
            try await cluster.makeClient(knowing: "v1").whileConnected { client in
                for number in 0..<60 { #expect(try await client.ledger("key \(number)").ping() == 1) }
                let second = try await cluster.start("v2", ledgers: GrainOptions(version: 2))
                await eventually { client.driver.installed >= second.runtime.cluster?.installed ?? .max }
                var stayed = 0
                for number in 0..<60 where try await client.ledger("key \(number)").place() == "v1" {
                    #expect(try await client.ledger("key \(number)").ping() == 1)
                    stayed += 1
                }
                #expect((10...50).contains(stayed), "\(stayed)")
            }
        }
    }

    @Test
    func `J13 placement is the ring's alone: every process computes the same place, and names and weights decide it`()
        async throws
    {
        try await SocketCluster.with { cluster in
            let first = try await cluster.start("a")
            let second = try await cluster.start("b")
            try await cluster.makeClient(knowing: "a").whileConnected { client in
                var owners: [String: String] = [:]
                for number in 0..<100 {
                    let key = "key \(number)"
                    let owner = try #require(first.owner(of: first.ledger(key)))
                    #expect(second.owner(of: second.ledger(key)) == owner)
                    #expect(try await client.ledger(key).place() == owner)
                    owners[key] = owner
                }
                // A silo that comes back under its name gets the same grains again.
                try await cluster.stop("b")
                try await cluster.start("b")
                for (key, owner) in owners { #expect(try await client.ledger(key).place() == owner) }
            }
        }
    }

    @Test func `versions that make no sense are an error at the start`() async throws {
        try await SocketCluster.with { cluster in
            for options in [GrainOptions(version: 0), GrainOptions(version: 2, oldestVersionBeside: 3)] {
                let error = await grainError { try await cluster.start("a", ledgers: options) }
                #expect(error?.code == .configuration)
                #expect(error?.message.contains("ledger") == true)
            }
        }
    }
}
