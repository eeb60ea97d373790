import Foundation
import Granary
import GranaryTestGrains
import Testing

@testable import GranaryRuntime

/// Processes that are killed under load.
@Suite(.timeLimit(.minutes(15)), .serialized) struct KillTests {
    private static let keys = 10_000

    /// What one kill did.
    private struct Round {
        var victim: String
        /// The grains that it had.
        var victims: Set<Int32>
        var at: Int64
        /// The first answer of each of these grains.
        var readings: [ProcessCluster.Reading]
    }

    /// Every grain of the killed silo is called from then on, 64 at a time, beside the load of the others.
    @Test func `H26 SIGKILL of a silo loses nothing acknowledged, and its grains are served again within a second`()
        async throws
    {
        try await ProcessCluster.with { cluster in
            let load = ["--load-keys", "\(Self.keys)", "--load-rate", "200", "--load-callers", "32"]
            var silos = try await cluster.startAll(["a0", "b0", "c0"], load)
            var rounds: [Round] = []
            let watch = MachineWatch()
            for number in 1...(Soak.isOn ? 50 : 5) {
                try await cluster.wake(0..<Self.keys)
                let victim = silos.removeFirst()
                let keys = cluster.journals(of: victim.name, among: Self.keys)
                let killed = CallLog.now
                victim.signal(SIGKILL)
                let readings = await cluster.reach(keys, atOnce: 64)
                let status = await victim.wait()
                #expect(status == 128 + SIGKILL, "\(victim.output.suffix(500))")
                rounds.append(
                    Round(victim: victim.name, victims: Set(keys.map(Int32.init)), at: killed, readings: readings))
                silos.append(try await cluster.start("x\(number)", load))
            }
            let stall = watch.end()
            for silo in silos { #expect(await silo.stop() == 0) }
            let audit = try await LoadAudit(cluster)
            #expect(audit.faults.isEmpty, "\(audit.faults.prefix(5))")
            check(rounds, audit, stall)
        }
    }

    private func check(_ rounds: [Round], _ audit: LoadAudit, _ stall: Duration) {
        var pauses: [Duration] = []
        var whole: [Duration] = []
        var others: [Duration] = []
        for round in rounds {
            pauses += round.readings.map(\.length)
            whole.append(.nanoseconds((round.readings.map(\.ended).max() ?? round.at) - round.at))
            for reading in round.readings {
                let missing = audit.missing(in: reading, before: round.at)
                #expect(missing.isEmpty, "\(reading.key) is read without \(missing)")
                #expect(reading.errors.isEmpty, "\(reading.errors)")
            }
            let survivors = Set(audit.calls.map(\.silo)).subtracting([round.victim])
            others += audit.lengths(from: round.at, to: round.at + 1_000_000_000, of: survivors) {
                !round.victims.contains($0.key)
            }
        }
        print(
            """
            \(rounds.count) silos killed; first calls to \(pauses.count) of their grains: \
            \(pauses.percentile(50).inWords) in the middle, p99 \(pauses.percentile(99).inWords), the longest \
            \(pauses.max()?.inWords ?? ""); all had answered \(whole.max()?.inWords ?? "") after a kill; other grains \
            in that second: \(others.count) calls, p99 \(others.percentile(99).inWords); \(audit.additions) \
            additions acknowledged, \(audit.failures) calls of unknown outcome
            """)
        MachineWatch.expect(pauses.percentile(99), within: .seconds(1), stalled: stall)
        MachineWatch.expect(others.percentile(99), within: .milliseconds(100), stalled: stall)
    }
}
