import Testing

@testable import GranaryCluster

/// Rings of grain types that members host in different versions.
@Suite struct RingVersionTests {
    private static func member(
        _ silo: Int32, _ version: Int, beside oldest: Int = 1, from: Int64, to: Int64? = nil
    ) -> ClusterMember {
        var member = RingTests.member(silo, types: ["Cart", "Plain"], from: from, to: to)
        member.versions = ["Cart": ClusterTypeVersion(number: version, oldestBeside: oldest)]
        return member
    }

    private static let history = RingTests.history([
        RingTests.member(1, types: ["Cart", "Plain"], from: 1), member(2, 1, from: 1),
        member(3, 2, from: 3), member(4, 3, beside: 2, from: 5, to: 9), member(5, 4, beside: 4, from: 7, to: 8),
    ])

    @Test(
        arguments: [
            (1, [1, 2]), (3, [1, 2, 3]), (5, [3, 4]), (6, [3, 4]), (7, [5]), (8, [3, 4]), (9, [1, 2, 3]),
        ] as [(Int64, [Int32])])
    func `a view's ring has the members that the newest of it serve beside`(view: Int64, members: [Int32]) {
        #expect(Self.history.members(hosting: "Cart", at: view) == members)
        let owners = Set(
            RingTests.hashes.prefix(2_000).compactMap { Self.history.owner(of: $0, type: "Cart", at: view) })
        #expect(owners == Set(members))
    }

    @Test func `other types of the same members are not touched`() {
        #expect(Self.history.members(hosting: "Plain", at: 7) == [1, 2, 3, 4, 5])
    }

    @Test func `all ways to ask for an owner agree, in every past view`() {
        for view in 0...10 as ClosedRange<Int64> {
            let ring = Self.history.ring(for: "Cart", at: view)
            for hash in RingTests.hashes.prefix(500) {
                #expect(ring.owner(of: hash) == Self.history.owner(of: hash, type: "Cart", at: view))
            }
        }
        for hash in RingTests.hashes.prefix(500) {
            var seen: [Int64: Int32] = [:]
            Self.history.forEachOwner(of: hash, type: "Cart", from: 0, through: 10) { silo, first, last in
                for view in first...last {
                    #expect(seen[view] == nil)
                    seen[view] = silo
                }
                return true
            }
            for view in 0...10 as ClosedRange<Int64> {
                #expect(seen[view] == Self.history.owner(of: hash, type: "Cart", at: view))
            }
        }
    }
}
