import GranaryCluster
import GranarySimulation
import Testing

/// Protocol F1, and in which order members act.
@Suite struct CrashTests {
    @Test(arguments: [2, 3, 5, 12]) func aCrashIsRecordedWithinAHundredMilliseconds(count: Int) throws {
        let cluster = MembershipHarness.cluster(count)
        cluster.kill(1)
        let time = try #require(cluster.run(until: { !cluster.deaths.isEmpty }, atMost: .seconds(1)))
        #expect(time <= .milliseconds(100), "\(time)")
        #expect(cluster.deaths[0].reason == "crash" && cluster.deaths[0].silos == [2])
        cluster.run(for: .seconds(5))
        #expect(cluster.deaths.count == 1)
        #expect(cluster.activeSilos.count == count - 1)
    }

    @Test func twoDialsThirtyMillisecondsApartComeFirst() throws {
        let cluster = MembershipHarness.cluster(2)
        cluster.kill(1)
        cluster.run(for: .milliseconds(300))
        let death = try #require(cluster.deaths.first)
        try #require(cluster.dials.count == 2)
        #expect(cluster.dials[1].time - cluster.dials[0].time >= .milliseconds(30))
        #expect(cluster.dials[1].time < death.time)
    }

    @Test func anotherMemberHasToSayTheSame() {
        let cluster = MembershipHarness.cluster(3)
        cluster.dialOutcome = { from, to in to == 1 && from == 2 ? .failed : nil }
        cluster.kill(1)
        cluster.run(for: .milliseconds(400))
        #expect(cluster.messages.contains { $0.message == .opinion(suspect: 2, gone: false) })
        #expect(cluster.deaths.isEmpty)
        // What no dial proves, silence does.
        cluster.run(for: .seconds(4))
        #expect(cluster.deaths.map(\.reason) == ["silence"])
    }

    @Test func theOnlyOtherMemberNeedsNoSecondOpinion() {
        let cluster = MembershipHarness.cluster(2)
        cluster.kill(1)
        cluster.run(for: .milliseconds(200))
        #expect(cluster.deaths.map(\.reason) == ["crash"])
        #expect(!cluster.messages.contains { $0.message == .opinionRequest(suspect: 2) })
    }

    @Test func aNewerIncarnationProvesTheEndToo() {
        let cluster = MembershipHarness.cluster(3)
        cluster.answer = { index, request in
            // Keeps the new process from superseding the old one itself.
            if case .join = request, index == 3 { return .failed(lockTimeout: false) }
            return nil
        }
        cluster.start(name: "silo-1")
        cluster.forget()
        cluster.kill(1)
        cluster.run(for: .milliseconds(100))
        #expect(cluster.deaths.map(\.silos) == [[2]] && cluster.deaths.map(\.reason) == ["crash"])
    }

    @Test func aDialThatSucceedsEndsTheSuspicion() {
        let cluster = MembershipHarness.cluster(4)
        cluster.close(0, 1)
        cluster.run(for: .seconds(5))
        #expect(cluster.dials.count == 2)
        #expect(cluster.deaths.isEmpty && cluster.activeSilos == [1, 2, 3, 4])
    }

    @Test func aGoodbyeIsNoCrash() {
        let cluster = MembershipHarness.cluster(3)
        cluster.act(0) { $0.connectionClosed(to: 2, goodbye: true, now: $1) }
        cluster.run(for: .milliseconds(300))
        #expect(cluster.dials.isEmpty)
    }

    @Test func theNearestActFirstAndOnlyEightOfThem() {
        let cluster = MembershipHarness.cluster(14)
        cluster.answer = { _, request in
            // Nobody's statement gets through: so everyone who would act does.
            if case .declareDead = request { return .failed(lockTimeout: false) }
            return nil
        }
        cluster.kill(13)
        cluster.run(for: .milliseconds(900))
        var first: [Int: Duration] = [:]
        for dial in cluster.dials where dial.to == 13 && first[dial.from] == nil { first[dial.from] = dial.time }
        // Members 6...13 precede 14; others dial only when they are asked for their opinion.
        let declarers = Set(
            cluster.statements.compactMap { statement -> Int? in
                if case .declareDead = statement.request { return statement.silo }
                return nil
            })
        #expect(declarers == Set(5...12))
        for index in 5..<12 {
            guard let nearer = first[index + 1], let farther = first[index] else { continue }
            #expect(nearer < farther || index == 5, "\(index): \(nearer) \(farther)")
        }
        #expect((first[9] ?? .zero) - (first[12] ?? .zero) >= .milliseconds(90))
    }

    @Test func whoStandsByActsWhenTheEightNearestAreGoneToo() {
        let cluster = MembershipHarness.cluster(16)
        for index in 5..<14 { cluster.kill(index) }
        let time = cluster.run(until: { cluster.activeSilos.count == 7 }, atMost: .seconds(2))
        #expect(time.map { $0 < .milliseconds(400) } ?? false, "\(String(describing: time)) \(cluster.activeSilos)")
    }

    @Test func aFenceThatIsHeldIsBroken() {
        let cluster = MembershipHarness.cluster(2)
        var isHeld = true
        cluster.answer = { _, request in
            switch request {
            case .declareDead where isHeld: return .failed(lockTimeout: true)
            case .breakFence(2):
                isHeld = false
                return nil
            default: return nil
            }
        }
        cluster.kill(1)
        cluster.run(for: .milliseconds(600))
        #expect(!isHeld)
        #expect(cluster.deaths.map(\.silos) == [[2]])
    }
}
