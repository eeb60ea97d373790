import GranaryCluster
import GranarySimulation
import Testing

/// What the failure detectors of others are tested for.
@Suite struct PeerScenarioTests {
    @Test func `F11: missed probes count from the last answer: again and again two are missed, and nobody dies`() {
        let cluster = MembershipHarness.cluster(3)
        for _ in 0..<6 {
            cluster.isOpen = { $0 != 1 && $1 != 1 }
            cluster.run(for: .milliseconds(900))
            cluster.isOpen = { _, _ in true }
            cluster.run(for: .milliseconds(600))
        }
        #expect(cluster.deaths.isEmpty)
        #expect(cluster.activeSilos.count == 3)
    }

    @Test func `F13: answers that take long, but come, raise no suspicion`() {
        let cluster = MembershipHarness.cluster(3)
        cluster.latency = { from, to in from == 1 || to == 1 ? .milliseconds(200) : .milliseconds(1) }
        cluster.forget()
        cluster.run(for: .seconds(30))
        #expect(cluster.deaths.isEmpty)
        // Suspicion reads the database five times a second.
        let reads = cluster.statements.count { if case .readView = $0.request { true } else { false } }
        #expect(reads < 30)
    }

    @Test func `F19: a member that dies while it joins is buried, and holds nobody up`() {
        let cluster = MembershipHarness.cluster(3)
        let joiner = cluster.start()
        // Nobody answers it, so it stays in the middle of joining.
        cluster.isOpen = { $0 != joiner && $1 != joiner }
        cluster.run(until: { cluster.machines[joiner].phase == .joining }, atMost: .seconds(2))
        cluster.kill(joiner)
        cluster.run(for: .seconds(6))
        #expect(cluster.status(joiner) == .dead)
        cluster.isOpen = { _, _ in true }
        let next = cluster.start()
        #expect(cluster.run(until: { cluster.machines[next].phase == .active }, atMost: .seconds(3)) != nil)
        #expect(cluster.activeSilos.count == 4)
    }

    @Test(arguments: [(1, 2), (2, 1), (4, 5), (5, 4), (4, 4), (3, 3), (1, 1)])
    func `C22: of two sides the larger one goes on, of equal ones that of the lowest number`(first: Int, second: Int) {
        let cluster = MembershipHarness.cluster(first + second)
        cluster.isOpen = { ($0 < first) == ($1 < first) }
        cluster.run(for: .seconds(6))
        let survivors = first >= second ? Array(1...first) : Array(first + 1...first + second)
        #expect(cluster.activeSilos == survivors.map { Int32($0) })
        #expect(cluster.deaths.count == 1, "all in one view")
    }

    @Test func `C57: of many members only the slow one goes`() {
        let cluster = MembershipHarness.cluster(7)
        cluster.frozen = [3]
        cluster.run(for: .seconds(10))
        #expect(cluster.deaths.map(\.silos) == [[4]])
        #expect(cluster.activeSilos.count == 6)
    }
}
