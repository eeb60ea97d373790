import GranaryCluster
import Testing

/// Protocol L5 and O3: whose end is proven in a view after that of its death is not waited for from then on.
@Suite struct ProvenEndOwnershipTests {
    static let key = HashKey(low: 5, high: 6)

    /// Silos 1 and 2 are active in view 2; in view 3 silo 2 is dead, and in view 4 its end is proven.
    static func view(_ number: Int64) -> ClusterView {
        let members = (Int32(1)...2).map { silo in
            var member = ClusterMember(
                silo: silo,
                candidate: ClusterCandidate(
                    incarnation: "\(silo)", name: "silo-\(silo)", address: "", weight: 1, types: ["Cart"],
                    leaseMilliseconds: 3_000), joined: 0)
            member.status = .active
            member.ringFrom = Int64(silo)
            if silo == 2, number >= 3 {
                member.status = .dead
                member.ringTo = 3
                member.ended = 3
                member.fenced = number >= 4
            }
            return member
        }
        return ClusterView(number: number, token: "\(number)", members: members)
    }

    static func machine(_ mode: ClusterMode) -> OwnershipMachine {
        var settings = OwnershipSettings(mode: mode, hashKey: key)
        settings.pointsPerWeight = 16
        var machine = OwnershipMachine(silo: 1, settings: settings)
        _ = machine.setServing(true)
        for number in Int64(1)...2 {
            _ = machine.install(view(number))
            _ = machine.surveyed(number)
        }
        return machine
    }

    /// A grain that silo 2 owned until it died.
    static func grain(_ machine: OwnershipMachine) throws -> ClusterGrain {
        let hasher = GrainHasher(type: "Cart", key: key)
        return try #require(
            (0..<1_000).map { ClusterGrain(type: "Cart", key: "\($0)", hash: hasher.hash("\($0)")) }.first {
                machine.snapshot.history.owner(of: $0.hash, type: "Cart", at: 2) == 2
            })
    }

    static func activations(_ actions: [OwnershipAction]) -> [ClusterGrain] {
        actions.compactMap { action in
            if case .activate(let grain, view: 4, handover: nil) = action { grain } else { nil }
        }
    }

    @Test func aGrainWaitsForALeaseUntilTheEndIsProven() throws {
        var machine = Self.machine(.strict)
        let grain = try Self.grain(machine)
        _ = machine.install(Self.view(3))
        _ = machine.surveyed(3)
        #expect(machine.want(grain).verdict == .park)
        #expect(machine.waits(for: grain) == [2])
        #expect(machine.released == 2, "an end is not buried yet")
        #expect(Self.activations(machine.install(Self.view(4))) == [grain])
        _ = machine.surveyed(4)
        #expect(machine.released == 4)
        // The lease's own time comes later, if it comes at all.
        #expect(machine.bury(2).isEmpty)
    }

    @Test func whoLearnsOfDeathAndProofAtOnceDoesNotWait() throws {
        var machine = Self.machine(.strict)
        let grain = try Self.grain(machine)
        _ = machine.install(Self.view(4))
        #expect(machine.want(grain).verdict == .activate(view: 4, handover: nil))
    }

    @Test func inTheFastModeTheDeathIsEnough() throws {
        var machine = Self.machine(.fast)
        let grain = try Self.grain(machine)
        _ = machine.install(Self.view(3))
        #expect(machine.want(grain).verdict == .activate(view: 3, handover: nil))
    }
}
