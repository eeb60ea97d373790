import GranaryCluster
import Testing

/// A release made in a view that the receiver has not installed says nothing before it has (O2, O4); the reasoning stands at
/// `OwnershipMachine.isBehind`.
///
/// Silo 1 owns a grain in view 1, silo 2 in view 2, silo 3 in view 3. Silo 2 pulls it in view 2, but silo 1 lets go of it in
/// view 3, and hands it over to silo 3.
@Suite struct NewerReleaseTests {
    static let key = HashKey(low: 3, high: 4)
    static let state = HandedState(name: "state", etag: "1", payload: [1])

    static func view(_ number: Int64) -> ClusterView {
        let members = (Int32(1)...3).map { silo in
            var member = ClusterMember(
                silo: silo,
                candidate: ClusterCandidate(
                    incarnation: "\(silo)", name: "silo-\(silo)", address: "", weight: 1, types: ["Cart"],
                    leaseMilliseconds: 3_000), joined: 0)
            if Int64(silo) <= number {
                member.status = .active
                member.ringFrom = Int64(silo)
            }
            return member
        }
        return ClusterView(number: number, token: "\(number)", members: members)
    }

    static func machine(
        _ silo: Int32, _ weakness: OwnershipWeakness, _ configure: (inout OwnershipSettings) -> Void = { _ in }
    ) -> OwnershipMachine {
        var settings = OwnershipSettings(mode: .strict, hashKey: key)
        settings.pointsPerWeight = 16
        settings.weakness = weakness
        configure(&settings)
        var machine = OwnershipMachine(silo: silo, settings: settings)
        _ = machine.setServing(true)
        return machine
    }

    /// What silo 2 does when it hears of the release, then what silo 3 gets, when silo 2 has installed view 3.
    static func run(_ weakness: OwnershipWeakness = []) throws -> (second: [OwnershipAction], third: OwnershipVerdict) {
        var first = machine(1, weakness)
        var second = machine(2, weakness)
        var third = machine(3, weakness)
        let hasher = GrainHasher(type: "Cart", key: key)
        _ = third.install(view(3))
        let history = third.snapshot.history
        let grain = try #require(
            (0..<1_000).map { ClusterGrain(type: "Cart", key: "\($0)", hash: hasher.hash("\($0)")) }.first { grain in
                (Int64(1)...3).allSatisfy { history.owner(of: grain.hash, type: "Cart", at: $0) == Int32($0) }
            })

        _ = first.install(view(1))
        _ = first.surveyed(1)
        #expect(first.want(grain).verdict == .activate(view: 1, handover: nil))
        // Only the first silo is active in view 1; it tells the second, which comes with view 2, what it holds.
        _ = first.install(view(2))
        first.foreign([grain], in: 2)
        _ = second.install(view(2))
        _ = second.surveyed(2)
        for message in messages(first.surveyed(2), to: 2) { _ = second.receive(message, from: 1) }
        let wanted = second.want(grain)
        #expect(wanted.verdict == .park)
        for message in messages(wanted.actions, to: 1) { _ = first.receive(message, from: 2) }
        // Its last turn still runs when view 3 comes.
        _ = first.install(view(3))
        first.foreign([grain], in: 3)
        var toThird = messages(first.surveyed(3), to: 3)
        let letGo = first.letGo(grain, handover: ([state], false))
        toThird += messages(letGo, to: 3)
        let toSecond = messages(letGo, to: 2)
        #expect(toSecond == [.released(view: 3, hashes: [grain.hash])])

        let heard = toSecond.flatMap { second.receive($0, from: 1) }
        let installed = second.install(view(3))
        #expect(second.want(grain).verdict == .moved(owner: 3, view: 3))
        _ = third.surveyed(3)
        for message in toThird { _ = third.receive(message, from: 1) }
        #expect(third.want(grain).verdict == .park)
        // The second silo holds nothing any more, whatever it did before.
        var answers: [OwnershipAction] = []
        for message in messages(installed + second.surveyed(3), to: 3) {
            answers += third.receive(message, from: 2)
        }
        for case .activate(_, let view, let handover) in answers {
            return (heard, .activate(view: view, handover: handover))
        }
        return (heard, third.want(grain).verdict)
    }

    static func messages(_ actions: [OwnershipAction], to silo: Int32) -> [ClusterMessage] {
        actions.compactMap { action in
            if case .send(let message, to: silo) = action { message } else { nil }
        }
    }

    static func isActivation(_ action: OwnershipAction) -> Bool {
        if case .activate = action { true } else { false }
    }

    @Test func aReleaseOfANewerViewFreesNothingBeforeThatViewIsInstalled() throws {
        let (second, third) = try Self.run()
        #expect(!second.contains(where: Self.isActivation))
        let learns = second.contains { action in
            if case .learnView(atLeast: 3, from: 1) = action { true } else { false }
        }
        #expect(learns)
        guard case .activate(view: 3, handover: let handover?) = third else {
            Issue.record("silo 3 gets \(third)")
            return
        }
        #expect(handover.states == [Self.state])
    }

    /// Without the rule both silos go on from what the first one wrote: the second from the database, the third from the
    /// hand-over, which is older.
    @Test func withoutTheRuleAHandOverOutlivesAWrite() throws {
        let (second, third) = try Self.run(.trustNewerReleases)
        #expect(second.contains(where: Self.isActivation))
        guard case .activate(view: 3, handover: .some) = third else {
            Issue.record("silo 3 gets \(third)")
            return
        }
    }
}
