import GranaryCluster
import GranarySimulation
import Testing

/// Protocol F2: silence.
@Suite struct SilenceTests {
    @Test func aFrozenMemberIsDeclaredDeadWhenItsRenewalsStopToo() throws {
        let cluster = MembershipHarness.cluster(3)
        let begin = cluster.now
        cluster.frozen = [1]
        cluster.run(for: .seconds(4))
        let death = try #require(cluster.deaths.first)
        #expect(death.reason == "silence" && death.silos == [2])
        // T after its last answer at the earliest, which may have come one probe earlier.
        #expect(death.time - begin >= .milliseconds(1_250) && death.time - begin < .seconds(3))
        #expect(cluster.deaths.count == 1)
    }

    @Test func aSilentMemberThatRenewsIsNotSilent() {
        let cluster = MembershipHarness.cluster(2)
        cluster.isOpen = { _, _ in false }
        cluster.run(for: .milliseconds(2_900))
        #expect(cluster.deaths.isEmpty)
    }

    @Test func readsAreAtMostAQuarterOfASecondApartAndSpanOneSecond() throws {
        let cluster = MembershipHarness.cluster(3)
        cluster.frozen = [1]
        cluster.run(for: .seconds(4))
        let death = try #require(cluster.deaths.first)
        let reads = cluster.statements.filter { statement in
            guard statement.silo == death.silo, case .readView = statement.request else { return false }
            return statement.time < death.time && statement.time > death.time - .milliseconds(1_000)
        }
        let times = reads.map(\.time)
        #expect(times.count >= 4)
        for (earlier, later) in zip(times, times.dropFirst()) { #expect(later - earlier <= .milliseconds(250)) }
    }

    @Test func aGapBetweenReadsBeginsTheSecondAnew() {
        let cluster = MembershipHarness.cluster(2)
        var isAway = false
        cluster.reachesStore = { index in index == 0 || !isAway }
        // The lower number stands still: so the higher one may not take it for a split.
        cluster.frozen = [0]
        // Every 600 ms the database is out of reach for 400 ms: no second is seen as a whole.
        for _ in 0..<8 {
            isAway.toggle()
            cluster.run(for: .milliseconds(400))
            isAway.toggle()
            cluster.run(for: .milliseconds(600))
        }
        #expect(cluster.deaths.isEmpty)
        cluster.run(for: .seconds(3))
        #expect(cluster.deaths.map(\.reason) == ["silence"])
    }

    @Test func anIndirectAnswerIsAnAnswer() {
        let cluster = MembershipHarness.cluster(3)
        cluster.isOpen = { from, to in !(from == 0 && to == 1 || from == 1 && to == 0) }
        cluster.reachesStore = { $0 != 1 }
        cluster.run(for: .seconds(5))
        #expect(cluster.deaths.isEmpty)
        #expect(cluster.messages.contains { $0.message == .indirectAnswer(target: 2) && $0.to == 0 })
    }

    @Test func whatWasMissedWhileTheObserverStoodStillDoesNotCount() {
        let cluster = MembershipHarness.cluster(2)
        cluster.answer = { index, request in
            if case .declareDead = request, index == 1 { return .failed(lockTimeout: false) }
            return nil
        }
        cluster.frozen = [0]
        cluster.isOpen = { _, _ in false }
        cluster.run(for: .seconds(20))
        cluster.frozen = []
        // It would be a split, had it listened all the while.
        cluster.run(for: .milliseconds(2_500))
        cluster.isOpen = { _, _ in true }
        cluster.run(for: .seconds(5))
        #expect(cluster.deaths.isEmpty && cluster.activeSilos == [1, 2])
    }

    @Test func onlyTheEightNearestDeclare() {
        let cluster = MembershipHarness.cluster(13)
        cluster.answer = { _, request in
            if case .declareDead = request { return .failed(lockTimeout: false) }
            return nil
        }
        cluster.frozen = [12]
        cluster.run(for: .seconds(5))
        let declarers = Set(
            cluster.statements.compactMap { statement -> Int? in
                if case .declareDead = statement.request { return statement.silo }
                return nil
            })
        #expect(declarers == Set(4...11))
    }
}
