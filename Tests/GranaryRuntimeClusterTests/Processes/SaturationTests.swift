import Foundation
import Granary
import GranaryTestGrains
import Testing

@testable import GranaryRuntime

/// Data connections that are full all the time.
@Suite(.timeLimit(.minutes(5)), .serialized) struct SaturationTests {
    @Test func `C69 a data link that large messages saturate raises no suspicion`() async throws {
        let seconds = Soak.isOn ? 60 : 5
        try await ProcessCluster.with { cluster in
            // Each sends to the grains of the other, and gets as much back.
            let large = ["--load-kind", "parrots", "--load-keys", "16", "--load-callers", "8", "--load-rate", "100000"]
            let silos = try await cluster.startAll(["a", "b"], large)
            let small = try await cluster.start("c", "--load-keys", "100", "--load-rate", "100", "--load-callers", "8")
            try await cluster.wake(0..<100)
            for silo in silos { try await cluster.reaches(silo, calls: 8) }
            let view = try await cluster.view()
            let began = CallLog.now
            try await Task.sleep(for: .seconds(seconds))
            let ended = CallLog.now
            #expect(try await cluster.view() == view)
            #expect(try await cluster.dead() == [])
            for silo in silos + [small] { #expect(await silo.stop() == 0) }
            let audit = try await LoadAudit(cluster)
            #expect(audit.failures == 0)
            let messages = audit.lengths(from: began, to: ended, of: ["a", "b"]).count
            #expect(messages > seconds)
            let others = audit.lengths(from: began, to: ended, of: ["c"])
            print(
                """
                \(messages) messages of 2 MB there and back in \(seconds) s, \(messages * 4 / seconds) MB in a second: no \
                suspicion; \(others.count) small calls beside them, p99 \(others.percentile(99).inWords)
                """)
        }
    }
}
