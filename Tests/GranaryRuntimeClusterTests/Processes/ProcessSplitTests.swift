import Foundation
import Granary
import GranaryTestGrains
import Testing

@testable import GranaryRuntime

/// Networks of processes that fall apart.
@Suite(.timeLimit(.minutes(5)), .serialized) struct ProcessSplitTests {
    private static let keys = 400
    private static let load = ["--load-keys", "\(keys)", "--load-rate", "100", "--load-callers", "16"]

    /// Ends what is left, and looks at what was written.
    private func check(_ cluster: ProcessCluster, _ silos: [SiloProcess]) async throws -> LoadAudit {
        for silo in silos { #expect(await silo.stop() == 0) }
        let audit = try await LoadAudit(cluster)
        #expect(audit.additions > 0)
        #expect(audit.faults.isEmpty, "\(audit.faults.prefix(5))")
        return audit
    }

    @Test(arguments: [FailoverMode.fast, .strict])
    func `C76 links are cut: the larger side serves all grains, the smaller one ends, and all heals by itself`(
        mode: FailoverMode
    ) async throws {
        let rules = NetworkRules()
        try await ProcessCluster.with(failover: mode, rules: rules) { cluster in
            let silos = try await cluster.startAll(["a", "b", "c", "d"], Self.load)
            try await cluster.wake(0..<Self.keys)
            let lost = cluster.journals(of: "c", among: Self.keys) + cluster.journals(of: "d", among: Self.keys)
            let began = CallLog.now
            rules.split(["gate", "a", "b"], ["c", "d"])
            let pauses = await cluster.reach(lost).map { Duration.nanoseconds($0.ended - began) }
            print("links cut, \(mode): \(lost.count) grains served elsewhere after \(pauses.max()?.inWords ?? "")")
            // Twice the silence that counts. In the strict mode, too: the dead read of it and say that they serve no more.
            #expect(pauses.max() ?? .seconds(60) < .seconds(5))
            // They reach the database, and read there that they have ended.
            for silo in silos[2...] {
                #expect(await silo.wait() == 1)
                #expect(silo.output.contains("declared dead"))
            }
            #expect(Set(try await cluster.dead()) == ["c", "d"])
            rules.heal()
            // As their supervisor would.
            let again = try await cluster.startAll(["c", "d"], Self.load)
            for silo in again { try await cluster.reaches(silo, calls: 50) }
            let places = Set((0..<Self.keys).compactMap { cluster.gate.owner(of: cluster.journal($0)) })
            #expect(places == ["a", "b", "c", "d"])
            for silo in silos[..<2] { #expect(silo.isRunning) }
            _ = try await check(cluster, silos[..<2] + again)
        }
    }

    @Test func `C75 a smaller side without a database stops with its lease, and ends when it hears again`()
        async throws
    {
        let rules = NetworkRules()
        try await ProcessCluster.with(rules: rules) { cluster in
            let silos = try await cluster.startAll(["a", "b", "c", "d"], Self.load)
            try await cluster.wake(0..<Self.keys)
            let lost = cluster.journals(of: "c", among: Self.keys) + cluster.journals(of: "d", among: Self.keys)
            let began = CallLog.now
            rules.cutDatabase(of: "c", "d")
            rules.split(["gate", "a", "b"], ["c", "d"])
            let pauses = await cluster.reach(lost).map { Duration.nanoseconds($0.ended - began) }
            #expect(pauses.max() ?? .seconds(60) < .seconds(5))
            // A lease of 3 s, in which they still answer their own callers, and nobody beyond.
            while CallLog.now < began + 5_000_000_000 { try await cluster.wake(lost.prefix(1)) }
            let end = CallLog.now
            try await cluster.reaches(silos[0], calls: 50)
            rules.heal()
            for silo in silos[2...] { #expect(await silo.wait() == 1) }
            let audit = try await check(cluster, Array(silos[..<2]))
            let late = audit.calls.filter { ["c", "d"].contains($0.silo) }.flatMap(\.records).filter {
                $0.outcome != .failed && $0.ended > began + 3_100_000_000 && $0.ended < end
            }
            #expect(late.isEmpty, "\(late.count) calls were answered without a lease")
            print("a smaller side without the database: grains served elsewhere after \(pauses.max()?.inWords ?? "")")
        }
    }

    @Test func `C61 the larger side of a split loses the database: the side that has it goes on, alone`() async throws {
        let rules = NetworkRules()
        try await ProcessCluster.with(rules: rules) { cluster in
            let silos = try await cluster.startAll(["a", "b", "c", "d"], Self.load)
            try await cluster.wake(0..<Self.keys)
            rules.cutDatabase(of: "b", "c", "d")
            rules.split(["gate", "a"], ["b", "c", "d"])
            let began = CallLog.now
            let lost = (0..<Self.keys).filter { cluster.gate.owner(of: cluster.journal($0)) != "a" }
            let pauses = await cluster.reach(lost).map { Duration.nanoseconds($0.ended - began) }
            #expect(pauses.max() ?? .seconds(60) < .seconds(5))
            try await cluster.reaches(silos[0], calls: 100)
            #expect(Set(try await cluster.dead()) == ["b", "c", "d"])
            rules.heal()
            // None of them had a database to be told by; none of what they had in memory is written now.
            for silo in silos[1...] { #expect(await silo.wait() == 1) }
            _ = try await check(cluster, [silos[0]])
            print("a larger side without the database: grains served elsewhere after \(pauses.max()?.inWords ?? "")")
        }
    }

    @Test func `C26 a split that heals in time ends nobody, and no call fails`() async throws {
        let rules = NetworkRules()
        try await ProcessCluster.with(rules: rules) { cluster in
            let silos = try await cluster.startAll(["a", "b", "c"], Self.load)
            try await cluster.wake(0..<Self.keys)
            let view = try await cluster.view()
            rules.split(["gate", "a"], ["b", "c"])
            // Less than what F3 asks for, 3 s, and more than any silence that counts.
            try await Task.sleep(for: .seconds(2))
            rules.heal()
            for silo in silos { try await cluster.reaches(silo, calls: 100) }
            #expect(try await cluster.view() == view)
            let audit = try await check(cluster, silos)
            #expect(audit.failures == 0)
        }
    }
}
