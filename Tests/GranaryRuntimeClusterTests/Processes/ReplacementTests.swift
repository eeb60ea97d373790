import Foundation
import Granary
import GranaryTestGrains
import GranaryTestSupport
import Testing

@testable import GranaryRuntime

/// Processes that are replaced under load: nobody notices.
@Suite(.timeLimit(.minutes(5)), .serialized) struct ReplacementTests {
    private static let keys = 3_000
    private static let load = ["--load-keys", "\(keys)", "--load-rate", "670", "--load-callers", "32"]

    @Test(arguments: [30, 5])
    func `G16 three processes are replaced one by one under load: no call fails`(grace: Int) async throws {
        try await ProcessCluster.with { cluster in
            let options = Self.load + ["--granary-drain-timeout", "\(grace)"]
            var silos = try await cluster.startAll(["a0", "b0", "c0"], options)
            try await cluster.wake(0..<Self.keys)
            let watch = MachineWatch()
            let began = CallLog.now
            for round in 1...3 {
                silos.append(try await cluster.start("x\(round)", options))
                try await cluster.reaches(silos[0], calls: 700)
                let old = silos.removeFirst()
                #expect(await old.stop() == 0)
                #expect(old.output.contains("abandoned=0"))
                try await cluster.reaches(silos[0], calls: 700)
            }
            let ended = CallLog.now
            let stall = watch.end()
            for silo in silos { #expect(await silo.stop() == 0) }
            let audit = try await LoadAudit(cluster)
            #expect(audit.failures == 0)
            #expect(audit.faults.isEmpty, "\(audit.faults.prefix(5))")
            let lengths = audit.lengths(from: began, to: ended)
            let rate = Double(lengths.count) / (Duration.nanoseconds(ended - began) / .seconds(1))
            print(
                """
                three silos replaced, \(grace) s of grace: \(lengths.count) calls, \(Int(rate)) in a second, none failed; \
                p99 \(lengths.percentile(99).inWords), the longest pause \(lengths.max()?.inWords ?? "")
                """)
            MachineWatch.expect(lengths.max() ?? .seconds(60), within: .milliseconds(250), stalled: stall)
        }
    }

    @Test func `G9 a grain that takes 40 s to leave is cut when the grace is over, alone; its writes are fenced`()
        async throws
    {
        let grace = 4
        try await ProcessCluster.with { cluster in
            let options = Self.load + ["--granary-drain-timeout", "\(grace)"]
            let silos = try await cluster.startAll(["a", "b", "c"], options)
            let gate = cluster.gate
            let all = (0..<100).map { gate.grain(SlowLeaver.self, "\($0)") }
            // The gate hears of the newest silo a moment after that serves.
            await eventually { all.contains { gate.owner(of: $0) == "a" } }
            let slow = try #require(all.first { gate.owner(of: $0) == "a" })
            #expect(try await slow.add(1) == 1)
            try await cluster.wake(0..<Self.keys)
            let watch = MachineWatch()
            let clock = ContinuousClock()
            let began = clock.now
            let start = CallLog.now
            silos[0].signal(SIGTERM)
            await eventually { gate.owner(of: slow) != "a" }
            // It waits for the one that leaves, then finds what that one wrote while it still might.
            let count = try await slow.add(2)
            let pause = clock.now - began
            _ = await silos[0].wait()
            #expect(silos[0].output.contains("abandoned=1"))
            #expect(pause > .seconds(grace) - .milliseconds(500) && pause < .seconds(grace + 2))
            #expect(try await cluster.dead() == ["a"])
            #expect(try await slow.process() != silos[0].identifier)
            #expect(try await slow.add(3) == count + 1)
            let end = CallLog.now
            let stall = watch.end()
            for silo in silos.dropFirst() { silo.kill() }
            let audit = try await LoadAudit(cluster)
            #expect(audit.faults.isEmpty, "\(audit.faults.prefix(5))")
            let lengths = audit.lengths(from: start, to: end - 100_000_000)
            print(
                """
                a grain that would not leave was cut and served elsewhere after \(pause.inWords), \(count - 2) writes of \
                its last seconds included; the longest of \(lengths.count) other calls took \
                \(lengths.max()?.inWords ?? "")
                """)
            MachineWatch.expect(lengths.max() ?? .seconds(60), within: .milliseconds(250), stalled: stall)
            let writers = try await cluster.database.psql(
                "select string_agg(l ->> 'p', ',') from granary.state, jsonb_array_elements(data) l "
                    + "where grain_type = 'slow-leaver'"
            ).split(separator: ",")
            // All of the old one's lines come before all of the new one's: none was written late.
            #expect(Set(writers.prefix(count - 1)) == ["\(silos[0].identifier)"])
            #expect(writers.count == count + 1 && !writers.suffix(2).contains("\(silos[0].identifier)"))
        }
    }
}
