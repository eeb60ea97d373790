import GranaryCluster
import GranarySimulation
import Testing

/// Protocol M5 and L5: a member that reads of its death says that it serves no more, and nobody waits for its lease.
@Suite struct ProvenEndTests {
    /// What a member does that learns of its death, a word for each action.
    private static func words(_ actions: [MembershipAction]) -> [String] {
        actions.map { action in
            switch action {
            case .entered(.fenced): "fenced"
            case .store(.proveEnd(let silo), _): "proves the end of \(silo)"
            case .store: "store"
            case .send: "send"
            default: "\(action)"
            }
        }
    }

    /// The proofs that were sent.
    private static func proofs(_ cluster: MembershipHarness) -> [MembershipHarness.Statement] {
        cluster.statements.filter { statement in
            if case .proveEnd = statement.request { return true }
            return false
        }
    }

    private static func declareDead(_ silo: Int32, in cluster: MembershipHarness) {
        _ = cluster.database.declareDead([silo], view: cluster.database.view.number, proven: false)
    }

    @Test func theProofComesAfterTheGatesAreClosed() throws {
        let cluster = MembershipHarness.cluster(2, .strict)
        Self.declareDead(2, in: cluster)
        // From another member's message.
        var told = cluster.machines[1]
        let actions = told.receive(.view(cluster.database.view), from: 1, now: cluster.now)
        #expect(Self.words(actions) == ["fenced", "proves the end of 2"])
        #expect(!told.isServing(at: cluster.now))
        #expect(Self.words(told.saveRefused(now: cluster.now)).isEmpty, "it says so once")
        // From a save that was refused.
        var refused = cluster.machines[1]
        #expect(Self.words(refused.saveRefused(now: cluster.now)) == ["fenced", "proves the end of 2"])
        #expect(!refused.isServing(at: cluster.now))
        // From its renewal, while it cannot read.
        var renewing = cluster.machines[1]
        let renewal = try #require(Self.renew(&renewing, cluster))
        #expect(Self.words(renewal) == ["fenced", "proves the end of 2"])
    }

    /// Lets a member renew its lease; answers what it does then.
    private static func renew(_ machine: inout MembershipMachine, _ cluster: MembershipHarness) -> [MembershipAction]? {
        let later = cluster.now + .seconds(1)
        for case .store(.renew(let silo), let tag) in machine.tick(now: later, isWaiting: false) {
            return machine.answered(tag, .renewed(cluster.database.renew(silo, released: 0)), now: later)
        }
        return nil
    }

    @Test func inTheFastModeNobodyWaitsAndNothingIsProven() {
        let cluster = MembershipHarness.cluster(2)
        Self.declareDead(2, in: cluster)
        var told = cluster.machines[1]
        let actions = told.receive(.view(cluster.database.view), from: 1, now: cluster.now)
        #expect(Self.words(actions) == ["fenced"])
        var refused = cluster.machines[1]
        #expect(Self.words(refused.saveRefused(now: cluster.now)) == ["fenced"])
        cluster.run(for: .seconds(4))
        #expect(cluster.machines[1].phase.isOver)
        #expect(Self.proofs(cluster).isEmpty)
        #expect(cluster.database.member(2)?.fenced == false)
    }

    @Test func whoIsSweptOrLeftOrLostItsDatabaseProvesNothing() throws {
        let cluster = MembershipHarness.cluster(2, .strict)
        Self.declareDead(2, in: cluster)
        cluster.database.forget([2])
        var swept = cluster.machines[1]
        #expect(Self.words(try #require(Self.renew(&swept, cluster))) == ["fenced"])
        let old = MembershipHarness.cluster(1, .strict)
        let before = old.database
        old.act(0) { $0.leave(now: $1) }
        old.run(for: .milliseconds(100))
        old.database = before
        old.run(for: .seconds(1))
        #expect(old.machines[0].phase == .fenced("the database lost history"))
        #expect(Self.proofs(old).isEmpty)
        let leaving = MembershipHarness.cluster(2, .strict)
        leaving.act(1) { $0.leave(now: $1) }
        leaving.run(for: .milliseconds(500))
        leaving.act(1) { $0.setDrained(true, now: $1) }
        leaving.run(for: .seconds(1))
        #expect(leaving.machines[1].phase == .left)
        #expect(Self.proofs(leaving).isEmpty)
    }

    @Test func theSmallerSideOfASplitIsBuriedAsSoonAsItReadsOfItsDeath() throws {
        let cluster = MembershipHarness.cluster(4, .strict)
        let begin = cluster.now
        SplitTests.cut(cluster, [0, 1])
        let time = cluster.run(
            until: {
                [0, 1].allSatisfy { index in
                    [3, 4].allSatisfy { cluster.machines[index].view?.member($0)?.fenced == true }
                }
            }, atMost: .seconds(5))
        // Twice the silence. The dead read of it, and the others of the proof, with their renewals: nobody listens here.
        #expect(try #require(time) < .milliseconds(4_600))
        #expect(Self.proofs(cluster).map(\.silo).sorted() == [2, 3])
        #expect(cluster.database.view.number == cluster.installs.filter { $0.at == 0 }.map(\.view).max())
        cluster.run(for: .seconds(5))
        #expect(!cluster.buried.contains { $0.time > begin }, "the view itself says so, and nobody waits")
        #expect(cluster.activeSilos == [1, 2])
    }

    @Test func aProofThatIsLostCostsTheLease() throws {
        let cluster = MembershipHarness.cluster(3, .strict)
        cluster.answer = { _, request in
            if case .proveEnd = request { return .failed(lockTimeout: false) }
            return nil
        }
        Self.declareDead(3, in: cluster)
        cluster.run(for: .seconds(6))
        #expect(Self.proofs(cluster).count == 1, "it is sent once")
        let learned = try #require(cluster.installs.first { $0.at == 0 }?.time)
        let burial = try #require(cluster.buried.first { $0.at == 0 && $0.silo == 3 }?.time)
        #expect(burial - learned >= .milliseconds(3_003))
    }

    @Test func atTheEndOfTheGracePeriodAMemberProvesItsEnd() {
        let cluster = MembershipHarness.cluster(3, .strict)
        cluster.act(0) { $0.leave(now: $1) }
        cluster.run(for: .seconds(1))
        cluster.act(0) { $0.graceEnded(now: $1) }
        cluster.run(for: .milliseconds(200))
        #expect(cluster.database.member(1)?.status == .dead)
        #expect(cluster.database.member(1)?.fenced == true)
    }
}
