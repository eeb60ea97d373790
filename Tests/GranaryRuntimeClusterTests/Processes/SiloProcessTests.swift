import Foundation
import Granary
import GranaryTestGrains
import GranaryTestSupport
import Testing

@testable import GranaryRuntime

/// Clusters of real processes that are stopped, killed and frozen under load.
@Suite(.timeLimit(.minutes(5)), .serialized) struct SiloProcessTests {
    private static let rounds = ProcessInfo.processInfo.environment["GRANARY_SOAK"] == nil ? 5 : 50

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

    @Test func `H26 SIGKILL of a silo loses nothing acknowledged, and its grains are served again within a second`()
        async throws
    {
        try await ProcessCluster.with { cluster in
            var silos = [try await cluster.start("a0"), try await cluster.start("b0"), try await cluster.start("c0")]
            let load = load(cluster, keys: 60)
            var pauses: [Duration] = []
            var others: [Duration] = []
            try await load.run {
                await load.made(300)
                for round in 1...Self.rounds {
                    let places = try await places(cluster, keys: 60)
                    let victim = silos.removeFirst()
                    load.resetLongest()
                    victim.signal(SIGKILL)
                    #expect(await victim.wait() == 128 + SIGKILL)
                    await load.made(1_500)
                    for (key, longest) in load.longestBy {
                        if places[key] == victim.identifier { pauses.append(longest) } else { others.append(longest) }
                    }
                    silos.append(try await cluster.start("x\(round)"))
                    await load.made(300)
                }
            }
            try await check(load, in: cluster)
            let worst = pauses.sorted()[pauses.count * 99 / 100]
            let othersWorst = others.sorted()[others.count * 99 / 100]
            #expect(worst < .seconds(1))
            #expect(load.failures.allSatisfy { $0.contains("outcomeUnknown") }, "\(load.failures.prefix(5))")
            print(
                "killed silos' grains: \(pauses.sorted()[pauses.count / 2]) in the middle, p99 \(worst); other grains: p99 "
                    + "\(othersWorst); \(load.failures.count) calls of unknown outcome")
        }
    }

    @Test func `G16 three processes are replaced one by one under load: no call fails`() async throws {
        try await ProcessCluster.with { cluster in
            var silos = [try await cluster.start("a0"), try await cluster.start("b0"), try await cluster.start("c0")]
            let load = load(cluster, keys: 60)
            try await load.run {
                await load.made(1_000)
                load.resetLongest()
                for round in 1...3 {
                    silos.append(try await cluster.start("x\(round)", "--granary-drain-timeout", "5"))
                    await load.made(500)
                    let old = silos.removeFirst()
                    old.signal(SIGTERM)
                    #expect(await old.wait() == 0)
                    await load.made(500)
                }
            }
            #expect(load.failures.isEmpty, "\(load.failures.prefix(5))")
            try await check(load, in: cluster)
            print("the longest call during the replacement: \(load.longest)")
            #expect(load.longest < .milliseconds(500))
        }
    }

    @Test func `C12 a frozen silo's grains are served elsewhere within 5 s; woken, it commits nothing and exits`()
        async throws
    {
        try await ProcessCluster.with { cluster in
            let silos = [try await cluster.start("a"), try await cluster.start("b"), try await cluster.start("c")]
            let load = load(cluster, keys: 30, pause: .milliseconds(20))
            try await load.run {
                await load.made(300)
                let places = try await places(cluster, keys: 30)
                let frozen = silos[1]
                let keys = places.filter { $0.value == frozen.identifier }.keys.sorted()
                #expect(!keys.isEmpty)
                frozen.signal(SIGSTOP)
                let began = ContinuousClock.now
                for key in keys { #expect(try await cluster.tally(key).process() != frozen.identifier) }
                let pause = ContinuousClock.now - began
                print("the grains of a frozen silo are served elsewhere after \(pause)")
                #expect(pause < .seconds(5))
                await load.made(200)
                frozen.signal(SIGCONT)
                #expect(await frozen.wait() == 1)
                #expect(frozen.output.contains("declared dead"))
                await load.made(200)
            }
            try await check(load, in: cluster)
        }
    }
}
