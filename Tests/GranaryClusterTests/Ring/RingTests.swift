import Testing

@testable import GranaryCluster

@Suite struct RingTests {
    static let key = HashKey(low: 0x6772_616e_6172_7921, high: 0x7065_7266_6563_7421)

    static func member(
        _ silo: Int32, name: String? = nil, weight: Int32 = 1, types: [String] = ["Cart"], from: Int64? = 1,
        to: Int64? = nil
    ) -> ClusterMember {
        var member = ClusterMember(
            silo: silo,
            candidate: ClusterCandidate(
                incarnation: "i\(silo)", name: name ?? "silo-\(silo)", address: "a", weight: weight, types: types,
                leaseMilliseconds: 3_000), joined: 0)
        member.status = .active
        member.ringFrom = from
        member.ringTo = to
        return member
    }

    static func history(_ members: [ClusterMember]) -> RingHistory {
        var history = RingHistory(key: key, pointsPerWeight: 2_048)
        history.update(members)
        return history
    }

    static let hashes: [UInt64] = {
        let hasher = GrainHasher(type: "Cart", key: key)
        return (0..<20_000).map { hasher.hash("cart-\($0)") }
    }()

    @Test func sharesAreEven() {
        var members: [ClusterMember] = []
        var worst = 0.0
        for count in 1...100 {
            members.append(Self.member(Int32(count)))
            guard [3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 25, 30, 40, 50, 64, 75, 90, 100].contains(count) else { continue }
            let shares = Self.history(members).ring(for: "Cart", at: 1).shares()
            #expect(shares.count == count)
            #expect(abs(shares.values.reduce(0, +) - 1) < 1e-9)
            worst = max(worst, (shares.values.max() ?? 0) * Double(count))
        }
        #expect(worst <= 1.10)
    }

    @Test(arguments: [3, 12, 40]) func joinAndLeaveMoveOnlyTheirPart(count: Int) {
        let newcomer = Int32(count + 1)
        var members = (1...count).map { Self.member(Int32($0)) }
        members.append(Self.member(newcomer, from: 2, to: 3))
        let history = Self.history(members)
        let before = history.ring(for: "Cart", at: 1)
        let with = history.ring(for: "Cart", at: 2)
        var moved = 0
        for hash in Self.hashes {
            let old = before.owner(of: hash)
            let new = with.owner(of: hash)
            if old != new {
                moved += 1
                #expect(new == newcomer)
            }
            #expect(history.owner(of: hash, type: "Cart", at: 3) == old)
            #expect(history.owner(of: hash, type: "Cart", at: 2) == new)
        }
        #expect(moved > 0)
        #expect(Double(moved) <= 1.2 / Double(count + 1) * Double(Self.hashes.count))
    }

    @Test func weightsAreHonoured() {
        let members = [Self.member(1), Self.member(2, weight: 2), Self.member(3, weight: 5), Self.member(4, weight: 0)]
        let shares = Self.history(members).ring(for: "Cart", at: 1).shares()
        #expect(abs((shares[1] ?? 0) - 0.125) < 0.0125)
        #expect(abs((shares[2] ?? 0) - 0.25) < 0.025)
        #expect(abs((shares[3] ?? 0) - 0.625) < 0.0625)
        #expect(shares[4] == nil)
    }

    @Test func onlyHostsOwn() {
        let history = Self.history([
            Self.member(1, types: ["Cart", "Order"]), Self.member(2, types: ["Order"]), Self.member(3, types: ["Cart"]),
        ])
        for hash in Self.hashes.prefix(2_000) {
            let cart = history.owner(of: hash, type: "Cart", at: 1)
            #expect(cart == 1 || cart == 3)
            #expect(history.owner(of: hash, type: "Order", at: 1) != 3)
            #expect(history.owner(of: hash, type: "Unknown", at: 1) == nil)
        }
        #expect(history.members(hosting: "Cart", at: 1) == [1, 3])
    }

    @Test func ownersOverManyViewsAreThoseOfEachView() {
        var members: [ClusterMember] = []
        for number in 1...12 {
            let types = number % 5 == 0 ? ["Order"] : ["Cart", "Order"]
            let to: Int64? = number % 3 == 0 ? nil : Int64(number * 5 % 11 + 8)
            members.append(Self.member(Int32(number), types: types, from: Int64(number * 3 % 7 + 1), to: to))
        }
        let history = Self.history(members)
        var rings: [Int64: Ring] = [:]
        for view in Int64(0)...18 { rings[view] = history.ring(for: "Cart", at: view) }
        for hash in Self.hashes.prefix(200) {
            for first in Int64(0)...8 {
                var expected: [Int64: Int32] = [:]
                for view in first...18 { expected[view] = rings[view]?.owner(of: hash) }
                var found: [Int64: Int32] = [:]
                history.forEachOwner(of: hash, type: "Cart", from: first, through: 18) { silo, low, high in
                    for view in low...high { found[view] = silo }
                    return true
                }
                #expect(found == expected)
            }
        }
    }

    @Test func fromOneToTwelveToTwo() {
        var members = [Self.member(1)]
        for number in 2...12 { members.append(Self.member(Int32(number), from: Int64(number))) }
        for number in 1...10 { members[number - 1].ringTo = Int64(12 + number) }
        let history = Self.history(members)
        for hash in Self.hashes.prefix(1_000) {
            #expect(history.owner(of: hash, type: "Cart", at: 1) == 1)
            #expect(history.owner(of: hash, type: "Cart", at: 22).map { $0 > 10 } == true)
        }
        var least: [Int32: Int] = [:]
        let ring = history.ring(for: "Cart", at: 22)
        for hash in Self.hashes { least[ring.owner(of: hash) ?? 0, default: 0] += 1 }
        #expect(least.count == 2)
        #expect((least.values.min() ?? 0) > Self.hashes.count * 45 / 100)
    }

    @Test func namesPlaceMembers() {
        let first = Self.history([Self.member(1, name: "a"), Self.member(2, name: "b")])
        let second = Self.history([Self.member(7, name: "a"), Self.member(2, name: "b")])
        for hash in Self.hashes.prefix(1_000) {
            let owner = first.owner(of: hash, type: "Cart", at: 1)
            #expect(second.owner(of: hash, type: "Cart", at: 1) == (owner == 1 ? 7 : owner))
        }
    }

    @Test func forgottenMembersOwnNothing() {
        var history = Self.history([Self.member(1), Self.member(2, from: 2, to: 5), Self.member(3, from: 5)])
        let hash = Self.hashes[0]
        history.update([Self.member(1), Self.member(2, from: 2, to: 5), Self.member(3, from: 5)], floor: 5)
        #expect(history.members(hosting: "Cart", at: 4) == [1])
        history.update([])
        #expect(history.owner(of: hash, type: "Cart", at: 5) == nil)
    }

    /// Every silo of a cluster must compute these, whatever its version or platform.
    @Test func goldenValues() {
        let hasher = GrainHasher(type: "Cart", key: Self.key)
        #expect(hasher.hash("alice") == 3_601_287_305_987_397_141)
        #expect(hasher.hash("") == 9_476_792_145_674_445_077)
        let ring = Self.history((1...5).map { Self.member(Int32($0)) }).ring(for: "Cart", at: 1)
        #expect((0..<12).map { ring.owner(of: Self.hashes[$0]) ?? 0 } == [5, 4, 4, 4, 1, 5, 3, 1, 3, 3, 1, 1])
    }
}
