import GranaryCluster
import GranarySimulation
import Testing

/// Large clusters with full machines: two hundred in release, fewer where the tests are not optimised.
@Suite struct ClusterScaleTests {
    #if DEBUG
    static let size = 24
    #else
    static let size = 200
    #endif

    static func cluster(grains: Int) -> ClusterSimulation {
        var options = SimulationOptions(seed: 5)
        options.silos = size + 1
        options.grains = grains
        options.hashesPerMessage = 8_192
        let simulation = ClusterSimulation(options)
        simulation.makesCalls = false
        simulation.begin(0..<size)
        return simulation
    }

    @Test func anySingleChangeConverges() throws {
        let size = Self.size
        let simulation = Self.cluster(grains: 400)
        #expect(simulation.advance(atMost: 60_000) { simulation.isCalm(0..<size) } != nil)
        simulation.advance(3_000)
        #expect(simulation.callAll(from: 3) == 0)

        simulation.start(size..<size + 1)
        let join = simulation.advance(atMost: 10_000) { simulation.isCalm(0..<size + 1) }
        #expect(try #require(join) < 1_000)
        #expect(simulation.callAll(from: 4) == 0)

        simulation.leave(size..<size + 1)
        let leave = simulation.advance(atMost: 10_000) { simulation.isCalm(0..<size) }
        #expect(try #require(leave) < 1_000)
        #expect(simulation.callAll(from: 5) == 0)

        simulation.kill(size - 1..<size)
        let kill = simulation.advance(atMost: 10_000) { simulation.isCalm(0..<size - 1) }
        #expect(try #require(kill) < 300)
        #expect(simulation.callAll(from: 6) == 0)

        simulation.freeze(size - 2, milliseconds: 30_000)
        let freeze = simulation.advance(atMost: 10_000) { simulation.isCalm(0..<size - 2) }
        #expect(try #require(freeze) < 4_000)
        #expect(simulation.statistics.deaths == 2)
        #expect(simulation.callAll(from: 7) == 0)
        #expect(simulation.violation == nil)
    }

    /// What membership and announcements cost does not depend on the number of grains, and what a change of owners costs
    /// only on the number of those that move.
    @Test func messagesDoNotDependOnTheNumberOfGrains() throws {
        let size = Self.size
        var costs: [(control: Int, announcements: Int)] = []
        for grains in [1, 4_000] {
            let simulation = Self.cluster(grains: grains)
            #expect(simulation.advance(atMost: 60_000) { simulation.isCalm(0..<size) } != nil)
            #expect(simulation.callAll(from: 3) == 0)
            #expect(simulation.heldCount == grains)
            let before = simulation.statistics
            simulation.start(size..<size + 1)
            simulation.advance(3_000)
            #expect(simulation.isCalm(0..<size + 1))
            let after = simulation.statistics
            costs.append((after.controlMessages - before.controlMessages, after.announcements - before.announcements))
            // Eight probes and as many answers every 250 ms; two views, from whoever committed them; a joiner's probes.
            let perSilo = costs[costs.count - 1].control / size
            #expect(perSilo < 2 * 8 * 14, "\(perSilo)")
            // Each tells the newcomer, and whoever got its grains' neighbours.
            #expect(costs[costs.count - 1].announcements <= 3 * size, "\(costs)")
            let moved = after.ownershipMessages - before.ownershipMessages - costs[costs.count - 1].announcements
            #expect(moved <= grains / size * 8 + 8, "\(moved)")
        }
        #expect(abs(costs[0].control - costs[1].control) < costs[0].control / 10, "\(costs)")
        #expect(costs[0].announcements == costs[1].announcements, "\(costs)")
    }
}
