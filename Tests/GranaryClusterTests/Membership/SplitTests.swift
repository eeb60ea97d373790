import GranaryCluster
import GranarySimulation
import Testing

/// Protocol F3: members that renew but cannot reach each other.
@Suite struct SplitTests {
    static func cut(_ cluster: MembershipHarness, _ side: Set<Int>) {
        cluster.isOpen = { side.contains($0) == side.contains($1) }
    }

    @Test(arguments: [(2, [0]), (4, [0, 1]), (6, [0, 3, 5])] as [(Int, Set<Int>)])
    func onATieTheSideOfTheLowestNumberStays(count: Int, side: Set<Int>) {
        let cluster = MembershipHarness.cluster(count)
        let begin = cluster.now
        Self.cut(cluster, side)
        cluster.run(for: .seconds(5))
        #expect(cluster.activeSilos == side.sorted().map { Int32($0 + 1) })
        #expect(cluster.deaths.count == 1 && cluster.deaths.allSatisfy { $0.reason == "split" })
        #expect(cluster.deaths.allSatisfy { $0.time - begin >= .milliseconds(2_700) })
    }

    @Test func theLargerSideStaysEvenWithoutTheLowestNumber() {
        let cluster = MembershipHarness.cluster(5)
        Self.cut(cluster, [0, 1])
        cluster.run(for: .seconds(5))
        #expect(cluster.activeSilos == [3, 4, 5])
        #expect(cluster.deaths.map(\.silos) == [[1, 2]], "all in one view")
    }

    @Test func theSmallerSideDeclaresNobody() {
        let cluster = MembershipHarness.cluster(5)
        Self.cut(cluster, [0, 1])
        cluster.answer = { index, request in
            // The larger side's statements do not get through.
            if case .declareDead = request, index > 1 { return .failed(lockTimeout: false) }
            return nil
        }
        cluster.run(for: .seconds(10))
        #expect(cluster.deaths.isEmpty)
    }

    @Test func aLargeClusterFindsItsLargerSide() {
        let cluster = MembershipHarness.cluster(40)
        Self.cut(cluster, Set(0..<15))
        cluster.run(for: .seconds(8))
        #expect(cluster.activeSilos == (16...40).map { Int32($0) })
        #expect(cluster.deaths.count == 1)
    }

    @Test func oneOutOfReachInALargeCluster() {
        let cluster = MembershipHarness.cluster(30)
        Self.cut(cluster, [0])
        cluster.run(for: .seconds(5))
        #expect(cluster.deaths.map(\.silos) == [[1]])
    }

    @Test func ofAPairThatOthersReachTheHigherNumberEndsAfterFifteenSeconds() throws {
        let cluster = MembershipHarness.cluster(4)
        cluster.isOpen = { !($0 == 1 && $1 == 2 || $0 == 2 && $1 == 1) }
        let begin = cluster.now
        cluster.run(for: .seconds(14))
        #expect(cluster.deaths.isEmpty)
        cluster.run(for: .seconds(3))
        let death = try #require(cluster.deaths.first)
        #expect(death.silos == [3] && death.time - begin >= .milliseconds(14_700))
        #expect(cluster.deaths.count == 1)
    }

    @Test func aSplitThatHealsInTimeEndsNobody() {
        let cluster = MembershipHarness.cluster(4)
        Self.cut(cluster, [0, 1])
        cluster.run(for: .milliseconds(2_500))
        cluster.isOpen = { _, _ in true }
        cluster.run(for: .seconds(10))
        #expect(cluster.deaths.isEmpty)
    }
}
