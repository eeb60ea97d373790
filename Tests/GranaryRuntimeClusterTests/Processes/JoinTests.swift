import Foundation
import Granary
import GranaryTestGrains
import Testing

@testable import GranaryRuntime

/// A process that joins one with many grains.
@Suite(.timeLimit(.minutes(5)), .serialized) struct JoinTests {
    private static let keys = 100_000

    @Test func `C5 a silo joins one with 100,000 active grains: they move within 10 s, and calls go on`() async throws {
        try await ProcessCluster.with { cluster in
            let load = ["--load-keys", "\(Self.keys)", "--load-rate", "300", "--load-callers", "32"]
            let first = try await cluster.start("a", load)
            try await cluster.wake(0..<Self.keys)
            await eventually { first.activations >= Self.keys }
            let watch = MachineWatch()
            let clock = ContinuousClock()
            let began = clock.now
            let start = CallLog.now
            let second = try await cluster.start("b")
            let served = clock.now
            let staying = cluster.journals(of: "a", among: Self.keys).count
            #expect(staying > Self.keys * 45 / 100 && staying < Self.keys * 55 / 100)
            await eventually { first.activations <= staying }
            let moved = clock.now - served
            try await cluster.reaches(first, calls: 100)
            let end = CallLog.now
            let stall = watch.end()
            // Half a minute of handing over, which other tests look at.
            first.kill()
            second.kill()
            #expect(await first.wait() == 128 + SIGKILL)
            let audit = try await LoadAudit(cluster)
            #expect(audit.failures == 0)
            #expect(audit.faults.isEmpty, "\(audit.faults.prefix(5))")
            let lengths = audit.lengths(from: start, to: end)
            print(
                """
                \(Self.keys - staying) of \(Self.keys) grains left \(moved.inWords) after the newcomer served, which was \
                \((served - began).inWords) after its start; \(lengths.count) calls meanwhile, none failed, p99 \
                \(lengths.percentile(99).inWords), the longest \(lengths.max()?.inWords ?? "")
                """)
            MachineWatch.expect(moved, within: .seconds(10), stalled: stall)
            MachineWatch.expect(lengths.percentile(99), within: .seconds(1), stalled: stall)
        }
    }
}
