import Foundation
import Granary
import GranaryTestGrains
import Testing

@testable import GranaryRuntime

/// Processes that are stopped and woken.
@Suite(.timeLimit(.minutes(5)), .serialized) struct FreezeTests {
    private static let keys = 300
    private static let load = [
        "--load-keys", "\(keys)", "--load-rate", "150", "--load-callers", "16", "--load-writes", "60",
    ]

    @Test(arguments: [FailoverMode.fast, .strict])
    func `C12 a frozen silo's grains are served elsewhere within 5 s; woken, it commits nothing and exits`(
        mode: FailoverMode
    ) async throws {
        try await ProcessCluster.with(failover: mode) { cluster in
            let silos = try await cluster.startAll(["a", "b", "c"], Self.load)
            try await cluster.wake(0..<Self.keys)
            let frozen = silos[1]
            let keys = cluster.journals(of: "b", among: Self.keys)
            #expect(!keys.isEmpty)
            let began = CallLog.now
            frozen.signal(SIGSTOP)
            let readings = await cluster.reach(keys)
            let pauses = readings.map { Duration.nanoseconds($0.ended - began) }
            print(
                """
                a frozen silo, \(mode): its \(keys.count) grains answer elsewhere after \
                \(pauses.max()?.inWords ?? "")
                """)
            #expect(pauses.max() ?? .seconds(60) < .seconds(5))
            // Its successors write before it wakes with whatever it was about to write.
            try await cluster.reaches(silos[0], calls: 200)
            frozen.signal(SIGCONT)
            #expect(await frozen.wait() == 1)
            #expect(frozen.output.contains("declared dead"))
            try await cluster.reaches(silos[0], calls: 100)
            for silo in [silos[0], silos[2]] { #expect(await silo.stop() == 0) }
            let audit = try await LoadAudit(cluster)
            #expect(audit.faults.isEmpty, "\(audit.faults.prefix(5))")
            for reading in readings { #expect(audit.missing(in: reading, before: began).isEmpty) }
        }
    }

    @Test func `C32 a silo that stands still for less than a suspicion takes is not evicted`() async throws {
        try await ProcessCluster.with { cluster in
            let silos = try await cluster.startAll(["a", "b", "c"], Self.load)
            try await cluster.wake(0..<Self.keys)
            let view = try await cluster.view()
            silos[1].signal(SIGSTOP)
            try await Task.sleep(for: .milliseconds(900))
            silos[1].signal(SIGCONT)
            for silo in silos { try await cluster.reaches(silo, calls: 300) }
            #expect(try await cluster.view() == view)
            for silo in silos { #expect(await silo.stop() == 0) }
            let audit = try await LoadAudit(cluster)
            #expect(audit.failures == 0)
            #expect(audit.faults.isEmpty, "\(audit.faults.prefix(5))")
        }
    }
}
