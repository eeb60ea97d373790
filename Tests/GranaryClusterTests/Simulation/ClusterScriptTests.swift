import GranaryCluster
import GranarySimulation
import Testing

/// Fixed scripts with whole clusters: calls go on all the while, and the invariants are checked with every step.
@Suite struct ClusterScriptTests {
    static func simulation(_ mode: ClusterMode, silos: Int, grains: Int = 12) -> ClusterSimulation {
        var options = SimulationOptions(seed: 7)
        options.mode = mode
        options.silos = silos
        options.grains = grains
        return ClusterSimulation(options)
    }

    @Test(arguments: [ClusterMode.fast, .strict]) func theDatabaseAwayForThirtySecondsKillsNobody(mode: ClusterMode) {
        var options = SimulationOptions(seed: 7)
        options.mode = mode
        options.silos = 5
        options.graceSeconds = 60
        let simulation = ClusterSimulation(options)
        simulation.begin(0..<5)
        simulation.advance(8_000)
        #expect(simulation.callAll(from: 0) == 0)
        // A grain whose save is under way when the database goes waits for it; the others go on.
        simulation.writeShare = 0
        simulation.advance(1_000)
        simulation.setDatabase(isUp: false)
        simulation.advance(15_000)
        let turns = simulation.statistics.turns
        simulation.advance(15_000)
        // Reads of warm grains go on in fast mode only.
        #expect((simulation.statistics.turns > turns) == (mode == .fast))
        simulation.writeShare = 0.5
        simulation.setDatabase(isUp: true)
        simulation.advance(8_000)
        #expect(simulation.statistics.deaths == 0)
        #expect(simulation.callAll(from: 2) == 0)
        #expect(simulation.end(0..<5) == nil)
    }

    @Test func aSaturatedDataLinkRaisesNoSuspicion() {
        let simulation = Self.simulation(.fast, silos: 4)
        simulation.begin(0..<4)
        simulation.advance(8_000)
        let views = simulation.view.number
        simulation.setSaturated([1, 2])
        simulation.advance(20_000)
        #expect(simulation.view.number == views && simulation.statistics.deaths == 0)
        simulation.setSaturated([])
        simulation.advance(10_000)
        #expect(simulation.callAll(from: 1) == 0)
        #expect(simulation.end(0..<4) == nil)
    }

    /// The silos have no wall clock to set; the database's decides only when rows of ended members are swept.
    @Test(arguments: [ClusterMode.fast, .strict]) func wallClockJumpsChangeNothing(mode: ClusterMode) {
        let simulation = Self.simulation(mode, silos: 4)
        simulation.begin(0..<4)
        simulation.advance(8_000)
        for jump in [Int64(86_400), -172_800, 10, 7_200, -3_600] {
            simulation.kill([3])
            simulation.setWallClock(by: jump)
            simulation.advance(500)
            simulation.setWallClock(by: -jump)
            simulation.setWallClock(by: jump)
            simulation.advance(7_000)
            simulation.start(3..<4)
            simulation.advance(9_000)
            simulation.setWallClock(by: 8_000)
            #expect(simulation.isCalm(0..<4))
        }
        #expect(simulation.statistics.deaths == 5)
        #expect(simulation.statistics.sweptMembers >= 4)
        #expect(simulation.callAll(from: 3) == 0)
        #expect(simulation.end(0..<4) == nil)
    }

    @Test(arguments: [ClusterMode.fast, .strict]) func aClusterThatDiedServesAgainUnderNewNames(mode: ClusterMode)
        throws
    {
        let simulation = Self.simulation(mode, silos: 6)
        simulation.begin(0..<3)
        simulation.advance(8_000)
        #expect(simulation.callAll(from: 0) == 0)
        simulation.kill(0..<3)
        simulation.advance(1_000)
        simulation.start(3..<6)
        let time = simulation.advance(atMost: 20_000) { simulation.isCalm(3..<6) }
        // The dead ones' leases, counted by the joiners.
        #expect(try #require(time) < 8_000)
        simulation.advance(4_000)
        #expect(simulation.callAll(from: 4) == 0)
        #expect(simulation.end(3..<6) == nil)
    }

    @Test(arguments: [ClusterMode.fast, .strict]) func fromOneToTwelveToTwo(mode: ClusterMode) throws {
        let simulation = Self.simulation(mode, silos: 12, grains: 60)
        simulation.begin(0..<1)
        #expect(simulation.advance(atMost: 2_000) { simulation.isCalm(0..<1) } != nil)
        #expect(simulation.callAll(from: 0) == 0)
        simulation.start(1..<12)
        #expect(try #require(simulation.advance(atMost: 5_000) { simulation.isCalm(0..<12) }) < 3_000)
        simulation.advance(2_000)
        #expect(simulation.callAll(from: 11) == 0)
        simulation.leave(2..<12)
        #expect(try #require(simulation.advance(atMost: 5_000) { simulation.isCalm(0..<2) }) < 3_000)
        simulation.advance(2_000)
        #expect(simulation.callAll(from: 1) == 0)
        #expect(simulation.statistics.failedCalls == 0 && simulation.statistics.deaths == 0)
        #expect(simulation.end(0..<2) == nil)
    }
}
