import GranaryCluster
import GranarySimulation
import Testing

/// Protocol L1 to L7 as far as they are arithmetic.
@Suite struct LeaseTests {
    static let start: Duration = .seconds(100)
    /// 3 s less a thousandth, less 100 ms.
    static let usable: Duration = .milliseconds(2_897)

    @Test(arguments: [ClusterMode.fast, .strict]) func aLeaseCountsFromBeforeTheRenewalWasSent(mode: ClusterMode) {
        var lease = LeaseClock(settings: MembershipSettings(mode: mode))
        #expect(!lease.isServing(at: Self.start, inMajority: true))
        lease.renew(sentAt: Self.start)
        #expect(lease.isServing(at: Self.start + Self.usable - .nanoseconds(1), inMajority: false))
        #expect(!lease.isServing(at: Self.start + Self.usable, inMajority: false))
    }

    @Test func answersOutOfOrderShortenNothing() {
        var lease = LeaseClock(settings: MembershipSettings(mode: .strict))
        lease.renew(sentAt: Self.start)
        lease.renew(sentAt: Self.start - .seconds(2))
        #expect(lease.renewed == Self.start)
    }

    @Test func onlyTheFastModeOutlivesItsLeaseAndOnlyInAMajority() {
        var strict = LeaseClock(settings: MembershipSettings(mode: .strict))
        var fast = LeaseClock(settings: MembershipSettings(mode: .fast))
        strict.renew(sentAt: Self.start)
        fast.renew(sentAt: Self.start)
        let later = Self.start + .seconds(59)
        #expect(!strict.isServing(at: later, inMajority: true))
        #expect(fast.isServing(at: later, inMajority: true))
        #expect(!fast.isServing(at: later, inMajority: false))
        #expect(!fast.isServing(at: Self.start + .seconds(60), inMajority: true))
    }

    @Test func anEndedMembersLeaseIsOverAfterItsLengthAndTheDrift() {
        let cluster = MembershipHarness.cluster(3, .strict)
        cluster.kill(2)
        cluster.run(for: .seconds(5))
        let learned = cluster.installs.first { $0.at == 0 }?.time ?? .zero
        let burial = cluster.buried.first { $0.at == 0 && $0.silo == 3 }?.time ?? .zero
        #expect(burial - learned >= .milliseconds(3_003))
        #expect(burial - learned <= .milliseconds(3_020))
    }

    @Test func aProvenEndNeedsNoWaiting() {
        let cluster = MembershipHarness.cluster(2, .strict)
        cluster.kill(1)
        _ = cluster.database.declareDead([2], view: cluster.database.view.number, proven: true)
        cluster.run(for: .seconds(5))
        #expect(cluster.machines[0].view?.member(2)?.fenced == true)
        #expect(!cluster.buried.contains { $0.silo == 2 }, "the view itself says so")
    }

    @Test(arguments: [2, 3]) func withoutADatabaseAMajorityServesUntilTheGraceEnds(count: Int) {
        let cluster = MembershipHarness.cluster(count)
        cluster.reachesStore = { _ in false }
        for second in 1...58 {
            cluster.run(for: .seconds(1))
            if second % 5 == 0 || second < 8 {
                #expect(cluster.machines.allSatisfy { $0.isServing(at: cluster.now) }, "after \(second) s")
            }
        }
        cluster.run(for: .seconds(3))
        #expect(!cluster.machines.contains { $0.isServing(at: cluster.now) })
        cluster.reachesStore = { _ in true }
        cluster.run(for: .seconds(1))
        #expect(cluster.machines.allSatisfy { $0.isServing(at: cluster.now) })
    }

    @Test func aLargeClusterKnowsItsMajorityAlthoughEachProbesEight() {
        let cluster = MembershipHarness.cluster(30)
        cluster.reachesStore = { _ in false }
        for _ in 0..<20 {
            cluster.run(for: .milliseconds(250))
            #expect(cluster.machines.allSatisfy { $0.isServing(at: cluster.now) })
        }
    }

    @Test func inStrictModeServingEndsWithTheLeaseAndBeginsWithTheNextRenewal() {
        let cluster = MembershipHarness.cluster(3, .strict)
        cluster.reachesStore = { _ in false }
        cluster.run(for: .milliseconds(2_000))
        #expect(cluster.machines.allSatisfy { $0.isServing(at: cluster.now) })
        cluster.run(for: .milliseconds(1_000))
        #expect(!cluster.machines.contains { $0.isServing(at: cluster.now) })
        cluster.reachesStore = { _ in true }
        cluster.run(for: .seconds(1))
        #expect(cluster.machines.allSatisfy { $0.isServing(at: cluster.now) })
    }

    @Test(arguments: [(5, 2), (4, 2), (30, 14)])
    func aMinorityWithoutADatabaseStopsAtItsLease(count: Int, minority: Int) {
        let cluster = MembershipHarness.cluster(count)
        cluster.reachesStore = { _ in false }
        SplitTests.cut(cluster, Set(0..<minority))
        cluster.run(for: .milliseconds(3_500))
        for index in 0..<minority { #expect(!cluster.machines[index].isServing(at: cluster.now)) }
        let isMajority = (count - minority) * 2 > count
        for index in minority..<count { #expect(cluster.machines[index].isServing(at: cluster.now) == isMajority) }
    }

    @Test func aMajorityThatHearsOfANewerViewStops() {
        let cluster = MembershipHarness.cluster(3)
        cluster.reachesStore = { _ in false }
        cluster.run(for: .seconds(5))
        #expect(cluster.machines[0].isServing(at: cluster.now))
        let ahead = ProbeReport(view: 1_000, leaseAgeMilliseconds: 10, reached: [])
        cluster.act(0) { $0.receive(.probe(sequence: 1, report: ahead), from: 2, now: $1) }
        #expect(!cluster.machines[0].isServing(at: cluster.now))
    }

    @Test func answersThatLayUnreadMakeNoMajority() throws {
        let cluster = MembershipHarness.cluster(2)
        cluster.reachesStore = { _ in false }
        cluster.run(for: .seconds(5))
        #expect(cluster.machines[0].isServing(at: cluster.now))
        cluster.forget()
        _ = try #require(
            cluster.run(
                until: {
                    cluster.messages.contains { entry in
                        if entry.from == 0, case .probe = entry.message { return true }
                        return false
                    }
                }, atMost: .seconds(1)))
        // The answer comes while it stands still, and nothing else.
        cluster.frozen = [0]
        cluster.run(for: .milliseconds(3))
        cluster.isOpen = { _, _ in false }
        cluster.run(for: .milliseconds(4_998))
        cluster.frozen = []
        // Now it is read, before any tick tells how much time went by.
        cluster.run(for: .milliseconds(5))
        #expect(!cluster.machines[0].isServing(at: cluster.now))
    }

    @Test func whileAllIsWellEachProbesAtMostEight() {
        let cluster = MembershipHarness.cluster(30)
        cluster.forget()
        cluster.run(for: .seconds(2))
        for index in 0..<30 {
            let probed = Set(
                cluster.messages.compactMap { entry -> Int? in
                    if entry.from == index, case .probe = entry.message { return entry.to }
                    return nil
                })
            #expect(probed.count == 8)
        }
        #expect(cluster.messages.count <= 30 * 8 * 2 * 9)
    }
}
