import Granary
import GranaryTesting
import GranaryTransport
import Testing

@testable import GranaryRuntime

/// Several silos as one cluster, in one process: calls, moves, joins, leaves and deaths.
@Suite(.timeLimit(.minutes(2))) struct ClusterTests {
    /// Calls every grain through every silo; each answers with the number of its activation.
    private func activations(_ keys: Range<Int>, through silos: [Silo]) async throws -> [Int] {
        try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for key in keys {
                for silo in silos { group.addTask { (key, try await silo.probe("\(key)").ping()) } }
            }
            var numbers = [Int](repeating: 0, count: keys.count)
            for try await (key, number) in group { numbers[key - keys.lowerBound] = max(numbers[key - keys.lowerBound], number) }
            return numbers
        }
    }

    /// Waits until all silos have installed the same view.
    private func agreed(_ silos: [Silo]) async {
        await eventually {
            let views = Set(silos.map { $0.runtime.cluster?.installed })
            return views.count == 1 && silos.allSatisfy(\.isReady)
        }
    }

    @Test func `E1: any silo answers for any grain, and each grain lives in one place`() async throws {
        let cluster = TestSilos()
        let silos = [try await cluster.start("a"), try await cluster.start("b"), try await cluster.start("c")]
        await agreed(silos)
        let numbers = try await activations(0..<60, through: silos)
        #expect(numbers.allSatisfy { $0 == 1 }, "\(cluster.stage.events.all)")
        #expect(silos.map(\.activationCount).reduce(0, +) == 60)
        for silo in silos { #expect(silo.activationCount > 0) }
        for silo in silos { try await silo.shutDown() }
    }

    @Test func `E2: a silo that joins takes over its share, and no grain is in two places`() async throws {
        let cluster = TestSilos()
        let first = try await cluster.start("a")
        #expect(try await activations(0..<60, through: [first]).allSatisfy { $0 == 1 })
        let second = try await cluster.start("b")
        await eventually { first.activationCount < 60 }
        let numbers = try await activations(0..<60, through: [first, second])
        // Some moved and were activated a second time; nobody was activated without having been let go.
        #expect(numbers.contains(1) && numbers.contains(2) && numbers.allSatisfy { $0 <= 2 })
        await eventually { first.activationCount + second.activationCount == 60 }
        #expect(cluster.stage.events.all.filter { $0.hasSuffix("deactivate moved") }.count == second.activationCount)
        for silo in [first, second] { try await silo.shutDown() }
    }

    @Test func `G8: a silo that leaves under load fails no call`() async throws {
        let cluster = TestSilos()
        let stays = try await cluster.start("a")
        let leaves = try await cluster.start("b")
        let callers = (0..<8).map { caller in
            Task {
                var calls = 0
                while !Task.isCancelled {
                    for key in 0..<10 { _ = try await stays.probe("\(caller) \(key)").ping() }
                    calls += 10
                    // Local calls need not suspend: without this the callers would keep every thread.
                    await Task.yield()
                }
                return calls
            }
        }
        await eventually { leaves.activationCount > 10 }
        try await leaves.shutDown()
        #expect(leaves.activationCount == 0)
        #expect(leaves.drainReport?.abandoned == 0)
        let keys = Set((0..<8).flatMap { caller in (0..<10).map { "\(caller) \($0)" } })
        await eventually { stays.activationCount == keys.count }
        for caller in callers {
            caller.cancel()
            do { try await #expect(caller.value > 0) } catch is CancellationError {}
        }
        try await stays.shutDown()
    }

    @Test func `F1: the grains of a silo that dies are served elsewhere, and it learns of its death`() async throws {
        let cluster = TestSilos()
        let silos = [try await cluster.start("a"), try await cluster.start("b"), try await cluster.start("c")]
        await agreed(silos)
        _ = try await activations(0..<60, through: silos)
        cluster.network.kill("b")
        let numbers = try await activations(0..<60, through: [silos[0], silos[2]])
        #expect(numbers.contains(2))
        await eventually { !silos[1].isReady }
        #expect(silos[1].runtime.fencing != nil)
        for silo in [silos[0], silos[2]] { try await silo.shutDown() }
    }
}
