import GranaryCluster
import GranarySimulation
import Testing

@Suite struct ClusterSimulationTests {
    static func run(_ seed: UInt64, _ mode: ClusterMode, _ flaw: SimulatedFlaw? = nil) -> ClusterSimulation {
        var options = SimulationOptions(seed: seed)
        options.mode = mode
        if let flaw { options.flaws = [flaw] }
        let simulation = ClusterSimulation(options)
        _ = simulation.run()
        return simulation
    }

    /// `granary-simulate` runs hundreds in release; a failing seed prints how to replay it.
    @Test(arguments: [ClusterMode.fast, .strict]) func theInvariantsHold(mode: ClusterMode) {
        var total = SimulationStatistics()
        for seed in UInt64(0)..<20 {
            let simulation = Self.run(seed, mode)
            if let violation = simulation.violation {
                var options = SimulationOptions(seed: seed)
                options.mode = mode
                Issue.record("\(violation); replay: granary-simulate \(options.arguments(seed: seed)) --trace")
            }
            total.add(simulation.statistics)
        }
        #expect(total.turns > 20_000)
        #expect(total.warmActivations > 50)
        #expect(total.deaths > 10)
    }

    @Test func equalSeedsRunAlike() {
        let first = Self.run(3, .fast).statistics
        let second = Self.run(3, .fast).statistics
        #expect(first.events == second.events && first.turns == second.turns)
    }

    /// Each rule left out is found within a bounded number of seeds, and as the invariant it upholds.
    @Test(arguments: [
        (SimulatedFlaw.blindBump, ClusterMode.fast, "I1"), (.releasedOrDead, .fast, "I2"),
        (.releasedOrDead, .strict, "I2"), (.serveAfterLease, .strict, "I2"), (.buryAtOnce, .strict, "I2"),
        (.skipWatermark, .fast, "I2"), (.noFenceCheck, .fast, "I3"), (.reuseEtag, .fast, "I"),
        (.acknowledgeEarly, .fast, "I5"), (.releaseUnsaved, .fast, "I6"), (.trustHandovers, .fast, "I6"),
        (.resend, .fast, "I7"), (.forwardWithoutOrder, .fast, "I8"), (.waitForAll, .fast, "I9"),
        (.neverSuspect, .fast, "I10"),
    ])
    func aMissingRuleIsFound(flaw: SimulatedFlaw, mode: ClusterMode, invariant: String) {
        var found: String?
        for seed in UInt64(0)..<80 where found == nil {
            if let violation = Self.run(seed, mode, flaw).violation, violation.hasPrefix(invariant) { found = violation }
        }
        #expect(found != nil)
    }
}
