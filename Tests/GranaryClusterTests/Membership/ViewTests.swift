import GranaryCluster
import GranarySimulation
import Testing

/// Protocol M1, M2, M4, L4 and E3.
@Suite struct ViewTests {
    @Test func whoLosesTheRaceForAViewReadsAgainAndDecidesAgain() {
        let cluster = MembershipHarness.cluster(1)
        let joiners = (0..<5).map { _ in cluster.start() }
        cluster.run(for: .seconds(3))
        #expect(cluster.activeSilos == [1, 2, 3, 4, 5, 6])
        let joins = cluster.statements.filter { statement in
            if case .join = statement.request { return true }
            return false
        }
        #expect(joins.count > joiners.count, "some were beaten")
        #expect(cluster.database.view.number == 12)
    }

    @Test func whoCommitsAViewSendsItToAll() {
        let cluster = MembershipHarness.cluster(4)
        cluster.act(0) { $0.leave(now: $1) }
        cluster.run(for: .milliseconds(15))
        for index in 1..<4 {
            #expect(cluster.installs.contains { $0.at == index && $0.view == cluster.database.view.number })
        }
    }

    @Test func whoIsToLeaveWhileItsJoinFailsHasLeft() {
        let cluster = MembershipHarness.cluster(1)
        cluster.answer = { silo, request in
            if case .join = request, silo == 1 { return .failed(lockTimeout: false) }
            return nil
        }
        let joiner = cluster.start()
        cluster.run(
            until: {
                cluster.statements.contains { statement in
                    if case .join = statement.request { return true }
                    return false
                }
            }, atMost: .seconds(3))
        cluster.act(joiner) { $0.leave(now: $1) }
        #expect(cluster.machines[joiner].phase == .starting, "whether it has joined is not known yet")
        cluster.run(for: .seconds(1))
        #expect(cluster.machines[joiner].phase == .left)
        #expect(cluster.activeSilos == [1])
    }

    @Test func whoIsToldOfANewViewReadsItAtOnce() {
        let cluster = MembershipHarness.cluster(2)
        cluster.isOpen = { _, _ in false }
        let known = cluster.database.view.number
        _ = try? cluster.database.advance(2, to: .leaving, view: known)
        cluster.forget()
        cluster.act(0) { $0.hinted(at: known, now: $1) }
        #expect(cluster.statements.isEmpty, "it has that view")
        cluster.act(0) { $0.hinted(at: known + 1, now: $1) }
        cluster.run(for: .milliseconds(5))
        #expect(cluster.installs.contains { $0.at == 0 && $0.view == known + 1 })
    }

    @Test func aDatabaseWithAnOlderViewLostHistory() {
        let cluster = MembershipHarness.cluster(2)
        let old = cluster.database
        cluster.start()
        cluster.run(for: .seconds(2))
        cluster.database = old
        cluster.run(for: .seconds(1))
        #expect(cluster.machines.allSatisfy { $0.phase.isOver })
    }

    @Test func anotherTokenForTheSameViewMeansLostHistory() {
        let cluster = MembershipHarness.cluster(1)
        let old = cluster.database
        cluster.act(0) { $0.leave(now: $1) }
        cluster.run(for: .seconds(1))
        cluster.database = old
        cluster.database.startOtherHistory()
        _ = try? cluster.database.advance(1, to: .leaving, view: old.view.number)
        #expect(cluster.machines[0].view?.number == cluster.database.view.number)
        cluster.run(for: .seconds(1))
        #expect(cluster.machines[0].phase == .fenced("the database lost history"))
    }

    @Test func theLogTellsOfLostHistoryBehindNewerViews() {
        let cluster = MembershipHarness.cluster(1)
        let old = cluster.database
        cluster.act(0) { $0.leave(now: $1) }
        cluster.run(for: .milliseconds(100))
        let known = cluster.machines[0].view
        cluster.database = old
        cluster.database.startOtherHistory()
        for number in 0..<3 {
            let candidate = ClusterCandidate(
                incarnation: "x\(number)", name: "x\(number)", address: "", weight: 1, types: [],
                leaseMilliseconds: 3_000)
            _ = try? cluster.database.join(candidate, view: cluster.database.view.number, supersedes: nil)
        }
        #expect(cluster.database.view.number > known?.number ?? 0)
        #expect(cluster.database.log[known?.number ?? 0] != known?.token)
        cluster.run(for: .seconds(1))
        #expect(cluster.machines[0].phase == .fenced("the database lost history"))
    }

    @Test func anOldReadThatComesLateIsNoLostHistory() {
        let cluster = MembershipHarness.cluster(2)
        let old = cluster.database.view
        cluster.act(0) { $0.leave(now: $1) }
        // Each read shows what was so before the newest view was learned, but was sent before.
        cluster.run(until: { cluster.machines[1].phase.isOver || cluster.status(0) == .leaving }, atMost: .seconds(1))
        var late = true
        cluster.answer = { index, request in
            guard index == 1, late, case .readView = request else { return nil }
            late = false
            cluster.act(1) { $0.receive(.view(cluster.database.view), from: 1, now: $1) }
            return .view(old, tokenOfKnown: nil)
        }
        cluster.act(1) { $0.learnView(atLeast: old.number + 1, from: 1, now: $1) }
        cluster.run(for: .seconds(1))
        #expect(!cluster.machines[1].phase.isOver)
    }

    @Test func atTheEndOfTheGracePeriodAMemberDeclaresItselfDead() {
        let cluster = MembershipHarness.cluster(3)
        cluster.act(0) { $0.leave(now: $1) }
        cluster.run(for: .seconds(2))
        #expect(cluster.status(0) == .leaving, "it holds something still")
        cluster.act(0) { $0.graceEnded(now: $1) }
        cluster.run(for: .milliseconds(100))
        #expect(cluster.status(0) == .dead)
        #expect(cluster.deaths.map(\.silo) == [0])
        #expect(cluster.machines[0].phase.isOver && cluster.machines[0].phase != .left)
    }

    @Test func whoHoldsNothingLeavesByItself() {
        let cluster = MembershipHarness.cluster(3)
        cluster.act(0) { $0.leave(now: $1) }
        cluster.run(for: .milliseconds(500))
        cluster.act(0) { $0.setDrained(true, now: $1) }
        cluster.run(for: .milliseconds(100))
        #expect(cluster.status(0) == .left && cluster.machines[0].phase == .left)
        #expect(cluster.database.member(1)?.fenced == true)
        cluster.run(for: .seconds(3))
        #expect(cluster.deaths.isEmpty)
    }

    @Test func whoReadsItsOwnEndExits() {
        let cluster = MembershipHarness.cluster(2)
        _ = cluster.database.declareDead([2], view: cluster.database.view.number, proven: false)
        cluster.run(for: .seconds(1))
        #expect(cluster.machines[1].phase.isOver)
        #expect(!cluster.machines[1].isServing(at: cluster.now))
    }

    @Test func framesOfEndedMembersAreAnsweredWithTheView() {
        let cluster = MembershipHarness.cluster(3)
        cluster.frozen = [2]
        cluster.run(for: .seconds(4))
        #expect(cluster.status(2) == .dead)
        #expect(cluster.machines[0].hasEnded(3) && !cluster.machines[0].hasEnded(2))
        // It wakes and reaches no database: its peers tell it.
        cluster.reachesStore = { $0 != 2 }
        cluster.frozen = []
        cluster.run(for: .milliseconds(600))
        #expect(cluster.machines[2].phase.isOver)
    }

    @Test func sweptMembersHaveEndedToo() {
        let cluster = MembershipHarness.cluster(3)
        cluster.kill(2)
        cluster.run(for: .seconds(2))
        cluster.database.forget([3])
        cluster.start()
        cluster.run(for: .seconds(2))
        #expect(cluster.machines[0].view?.member(3) == nil)
        #expect(cluster.machines[0].hasEnded(3))
        #expect(!cluster.machines[0].hasEnded(9), "numbers to come have not")
    }
}
