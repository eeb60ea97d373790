import GranaryCluster
import GranarySimulation
import Testing

/// Protocol F4: members that answer but cannot renew.
@Suite struct RenewalTests {
    static func withoutRelay(_ cluster: MembershipHarness) {
        cluster.answer = { _, request in
            if case .advance = request { return .failed(lockTimeout: false) }
            return nil
        }
    }

    @Test(arguments: [(.strict, .seconds(6)), (.fast, .seconds(60))] as [(ClusterMode, Duration)])
    func withoutRenewalsAMemberEnds(mode: ClusterMode, limit: Duration) throws {
        let cluster = MembershipHarness.cluster(3, mode)
        Self.withoutRelay(cluster)
        cluster.reachesStore = { $0 != 1 }
        let begin = cluster.now
        cluster.run(for: limit)
        #expect(cluster.deaths.isEmpty)
        cluster.run(for: .seconds(5))
        let death = try #require(cluster.deaths.first)
        #expect(death.reason == "no renewal" && death.silos == [2])
        #expect(death.time - begin >= limit)
        let reads = cluster.statements.filter { statement in
            guard statement.silo == death.silo, case .readView = statement.request else { return false }
            return statement.time < death.time && statement.time > death.time - limit
        }.map(\.time)
        for (earlier, later) in zip(reads, reads.dropFirst()) { #expect(later - earlier <= .milliseconds(500)) }
    }

    @Test func itAsksAPeerToRecordThatItLeaves() throws {
        let cluster = MembershipHarness.cluster(3)
        cluster.reachesStore = { $0 != 1 }
        let begin = cluster.now
        cluster.run(until: { cluster.status(1) == .leaving }, atMost: .seconds(6))
        let asked = try #require(cluster.messages.first { $0.message == .relayLeaving })
        #expect(asked.from == 1)
        #expect(asked.time - begin >= .milliseconds(750))
        #expect(cluster.status(1) == .leaving)
        #expect(cluster.machines[1].phase == .leaving || cluster.machines[1].phase == .active)
        cluster.run(for: .milliseconds(100))
        // It learns the view from the peer, although it does not reach the database.
        #expect(cluster.machines[1].phase == .leaving)
    }

    @Test func whileTheDatabaseIsAwayForAllNobodyAsksAndNobodyEnds() {
        let cluster = MembershipHarness.cluster(4)
        cluster.reachesStore = { _ in false }
        cluster.run(for: .seconds(30))
        #expect(!cluster.messages.contains { $0.message == .relayLeaving })
        cluster.reachesStore = { _ in true }
        cluster.run(for: .seconds(10))
        #expect(cluster.deaths.isEmpty && cluster.activeSilos == [1, 2, 3, 4])
    }

    @Test func aMemberThatCannotRenewItselfDoesNotJudge() {
        let cluster = MembershipHarness.cluster(2, .strict)
        Self.withoutRelay(cluster)
        // The first one reads, but its renewals are lost as well.
        cluster.answer = { index, request in
            switch request {
            case .renew, .advance: .failed(lockTimeout: false)
            default: nil
            }
        }
        cluster.run(for: .seconds(20))
        #expect(cluster.deaths.isEmpty)
    }
}
