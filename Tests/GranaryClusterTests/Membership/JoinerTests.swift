import GranaryCluster
import GranarySimulation
import Testing

/// Joining: the way to active, M3 and F5.
@Suite struct JoinerTests {
    @Test func aJoinerBecomesActiveWhenItReachesEveryActiveMember() {
        let cluster = MembershipHarness.cluster(3)
        cluster.isOpen = { !($0 == 3 && $1 == 1 || $0 == 1 && $1 == 3) }
        let joiner = cluster.start()
        cluster.run(for: .seconds(3))
        #expect(cluster.status(joiner) == .joining)
        cluster.isOpen = { _, _ in true }
        cluster.run(for: .seconds(1))
        #expect(cluster.status(joiner) == .active)
    }

    @Test func aWholeClusterThatDiedIsReplacedByJoinersUnderOtherNames() throws {
        let cluster = MembershipHarness.cluster(3)
        for index in 0..<3 { cluster.kill(index) }
        cluster.run(for: .seconds(1))
        let begin = cluster.now
        let first = cluster.start(name: "new-1")
        let second = cluster.start(name: "new-2")
        cluster.run(for: .seconds(2))
        #expect(cluster.deaths.isEmpty, "not before the longest lease, counted by the joiner itself")
        cluster.run(for: .seconds(4))
        #expect(cluster.activeSilos == [cluster.silo(first), cluster.silo(second)].sorted())
        #expect(cluster.deaths.flatMap(\.silos).sorted() == [1, 2, 3])
        #expect(try #require(cluster.deaths.first).time - begin >= .seconds(3))
    }

    @Test func aJoinerDeclaresNobodyWhileAnActiveMemberAnswers() {
        let cluster = MembershipHarness.cluster(3)
        cluster.answer = { index, request in
            if case .declareDead = request, index < 3 { return .failed(lockTimeout: false) }
            return nil
        }
        cluster.frozen = [1]
        cluster.start()
        cluster.run(for: .seconds(2))
        let joiner = 3
        #expect(cluster.status(joiner) == .joining)
        cluster.run(for: .seconds(4))
        #expect(!cluster.deaths.contains { $0.reason == "unreachable" })
    }

    @Test func aJoinerDeclaresNobodyWhoRenews() {
        let cluster = MembershipHarness.cluster(2)
        cluster.isOpen = { $0 < 2 && $1 < 2 }
        cluster.start()
        cluster.run(for: .seconds(20))
        // They declare the joiner dead, whom neither of them reaches.
        #expect(cluster.deaths.map(\.silos) == [[3]] && cluster.activeSilos == [1, 2])
    }

    @Test func aLiveNamesakeIsSuperseded() {
        let cluster = MembershipHarness.cluster(3)
        cluster.frozen = [1]
        let again = cluster.start(name: "silo-1")
        cluster.run(for: .seconds(1))
        #expect(cluster.status(1) == .dead)
        #expect(cluster.status(again) == .active)
        cluster.frozen = []
        cluster.run(for: .seconds(1))
        #expect(cluster.machines[1].phase.isOver, "the old one learns of its end and exits")
    }

    @Test func aJoinWhoseAnswerWasLostIsNotRepeated() {
        let cluster = MembershipHarness.cluster(1)
        var lost = 0
        cluster.answer = { index, request in
            guard index == 1, case .join(let view, let supersedes) = request, lost < 2 else { return nil }
            lost += 1
            _ = try? cluster.database.join(cluster.machines[1].candidate, view: view, supersedes: supersedes)
            return .failed(lockTimeout: false)
        }
        cluster.start()
        cluster.run(for: .seconds(2))
        #expect(lost == 2)
        #expect(cluster.database.view.members.map(\.silo) == [1, 2])
        #expect(cluster.activeSilos == [1, 2])
    }
}
