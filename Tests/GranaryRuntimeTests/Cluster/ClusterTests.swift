import Granary
import GranaryTesting
import GranaryTransport
import Testing

@testable import GranaryRuntime

/// Several silos as one cluster, in one process: calls, moves, joins, leaves and deaths.
@Suite(.timeLimit(.minutes(1))) struct ClusterTests {
    @Test func `E1: any silo answers for any grain, and each grain lives in one place`() async throws {
        let cluster = TestSilos()
        let silos = [try await cluster.start("a"), try await cluster.start("b"), try await cluster.start("c")]
        for key in 0..<60 {
            for (index, silo) in silos.enumerated() {
                try await #expect(silo.probe("\(key)").ping() == index + 1)
            }
        }
        #expect(silos.map(\.activationCount).reduce(0, +) == 60)
        for silo in silos { #expect(silo.activationCount > 0) }
        for silo in silos { try await silo.shutDown() }
    }
}
