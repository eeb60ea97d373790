import Foundation
import Granary
import GranaryTestGrains
import GranaryTestSupport
import Testing

@testable import GranaryRuntime

/// Processes whose database goes away, or which all die at once.
@Suite(.timeLimit(.minutes(5)), .serialized) struct DatabaseLossTests {
    private static let keys = 400
    private static let load = ["--load-keys", "\(keys)", "--load-rate", "100", "--load-callers", "16"]

    @Test(arguments: [FailoverMode.fast, .strict])
    func `C78 a cluster that was killed as a whole serves again at once under new names`(mode: FailoverMode)
        async throws
    {
        try await ProcessCluster.with(failover: mode) { cluster in
            let silos = try await cluster.startAll(["a", "b", "c"], Self.load)
            try await cluster.wake(0..<Self.keys)
            for silo in silos { try await cluster.reaches(silo, calls: 100) }
            // The test's silo goes in peace: it must not be there to bury the others.
            try await cluster.closeGate()
            let killed = CallLog.now
            for silo in silos { silo.signal(SIGKILL) }
            for silo in silos { #expect(await silo.wait() == 128 + SIGKILL) }
            let again = try await cluster.startAll(["x", "y", "z"], Self.load)
            try await cluster.openGate("gate2")
            let readings = await cluster.reach(Array(0..<Self.keys))
            let pause = Duration.nanoseconds((readings.map(\.ended).max() ?? 0) - killed)
            print("a whole cluster killed, \(mode): all \(Self.keys) grains answered \(pause.inWords) later")
            // The leases of the dead, counted anew by those who come.
            #expect(pause < .seconds(10))
            for silo in again { #expect(await silo.stop() == 0) }
            let audit = try await LoadAudit(cluster)
            #expect(audit.faults.isEmpty, "\(audit.faults.prefix(5))")
            for reading in readings { #expect(audit.missing(in: reading, before: killed).isEmpty) }
        }
    }

    @Test func `F20 the database is away for all, for longer than a lease: nobody is declared dead, nothing is lost`()
        async throws
    {
        let away = Soak.isOn ? 30 : 5
        let server = try await PostgresServer.make()
        try await ProcessCluster.with(server: server) { cluster in
            // Few of the callers are in the middle of a save when the database goes.
            let load = Self.load + ["--load-writes", "4", "--granary-lease", Soak.isOn ? "3" : "2"]
            let silos = try await cluster.startAll(["a", "b", "c"], load)
            try await cluster.wake(0..<Self.keys)
            for silo in silos { try await cluster.reaches(silo, calls: 100) }
            let view = try await cluster.view()
            try await server.stop(mode: "immediate")
            let gone = CallLog.now
            try await Task.sleep(for: .seconds(away))
            let back = CallLog.now
            try await server.start()
            for silo in silos { try await cluster.reaches(silo, calls: 100) }
            try await cluster.wake(0..<Self.keys)
            #expect(try await cluster.view() == view)
            for silo in silos { #expect(silo.isRunning) }
            for silo in silos { #expect(await silo.stop() == 0) }
            let audit = try await LoadAudit(cluster)
            #expect(audit.faults.isEmpty, "\(audit.faults.prefix(5))")
            // Grains that are not in the middle of a save go on answering, past the leases.
            let late = audit.calls.flatMap(\.records).filter {
                $0.outcome == .answered && $0.began > gone + 3_500_000_000 && $0.ended < back
            }
            #expect(!late.isEmpty)
            print(
                """
                the database away for \(away) s: nobody died; \(late.count) calls answered after the leases were over, \
                \(audit.failures) failed, \(audit.additions) additions acknowledged, none lost
                """)
        }
    }
}
