import GranaryCluster
import Testing

@Suite struct OwnershipScaleTests {
    /// One joins two hundred: everybody tells the newcomer once, whatever the number of grains that stay.
    @Test(arguments: [0, 50_000]) func oneChangeAmongTwoHundred(grains: Int) {
        let key = HashKey(low: 1, high: 2)
        var settings = OwnershipSettings(mode: .fast, hashKey: key)
        settings.pointsPerWeight = 8
        var view = ClusterView(number: 200, token: "a", members: [])
        for number in Int32(1)...200 {
            var member = ClusterMember(
                silo: number,
                candidate: ClusterCandidate(
                    incarnation: "\(number)", name: "silo-\(number)", address: "", weight: 1, types: ["Cart"],
                    leaseMilliseconds: 3_000), joined: 1)
            member.status = .active
            member.ringFrom = Int64(number)
            view.members.append(member)
        }
        var next = view
        next.number = 201
        next.members.append(
            ClusterMember(
                silo: 201,
                candidate: ClusterCandidate(
                    incarnation: "201", name: "silo-201", address: "", weight: 1, types: ["Cart"],
                    leaseMilliseconds: 3_000), joined: 1))
        next.members[200].status = .active
        next.members[200].ringFrom = 201
        let hasher = GrainHasher(type: "Cart", key: key)
        let all = (0..<grains).map { ClusterGrain(type: "Cart", key: "\($0)", hash: hasher.hash("\($0)")) }
        for silo in [Int32(1), 77, 200] {
            var machine = OwnershipMachine(silo: silo, settings: settings)
            _ = machine.install(view)
            _ = machine.surveyed(200)
            let held = all.filter { machine.snapshot.owns($0) }
            _ = machine.install(next)
            let snapshot = machine.snapshot
            machine.foreign(held.filter { !snapshot.owns($0) }, in: 201)
            var messages = 0
            for case .send(_, let receiver) in machine.surveyed(201) {
                messages += 1
                #expect(receiver == 201)
            }
            #expect(messages == 1)
        }
    }
}
