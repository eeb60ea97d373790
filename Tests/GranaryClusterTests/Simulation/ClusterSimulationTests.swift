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
        for seed in UInt64(0)..<5 {
            let simulation = Self.run(seed, mode)
            if let violation = simulation.violation {
                var options = SimulationOptions(seed: seed)
                options.mode = mode
                Issue.record("\(violation); replay: granary-simulate \(options.arguments(seed: seed)) --trace")
            }
            total.add(simulation.statistics)
        }
        #expect(total.turns > 5_000)
        #expect(total.warmActivations > 10)
        #expect(total.deaths > 2)
    }

    @Test func equalSeedsRunAlike() {
        let first = Self.run(3, .fast).statistics
        let second = Self.run(3, .fast).statistics
        #expect(first.events == second.events && first.turns == second.turns)
    }

    /// The seed that found the rule missing.
    @Test func aReleaseOfANewerViewFreesNothingBeforeThatViewIsInstalled() {
        #expect(Self.run(21_321, .strict).violation == nil)
    }

    /// Each rule left out is found within 60 seeds, and as the invariant it upholds. The search starts where it was found
    /// last, to be short.
    @Test(arguments: [
        (SimulatedFlaw.blindBump, ClusterMode.fast, "I1", UInt64(1)), (.releasedOrDead, .fast, "I2", 6),
        (.releasedOrDead, .strict, "I2", 0), (.serveAfterLease, .strict, "I2", 1), (.buryAtOnce, .strict, "I2", 2),
        (.skipWatermark, .fast, "I2", 0), (.sweepEarly, .strict, "I2", 132), (.noFenceCheck, .fast, "I3", 1),
        (.reuseEtag, .fast, "I", 13), (.acknowledgeEarly, .fast, "I5", 0), (.releaseUnsaved, .fast, "I6", 0),
        (.trustHandovers, .fast, "I6", 1), (.trustNewerReleases, .strict, "I6", 21_321), (.resend, .fast, "I7", 0), (.forwardWithoutOrder, .fast, "I8", 0),
        (.forgetTurnedAway, .fast, "I8", 5), (.waitForAll, .fast, "I9", 0), (.neverSuspect, .fast, "I10", 7),
    ])
    func aMissingRuleIsFound(flaw: SimulatedFlaw, mode: ClusterMode, invariant: String, first: UInt64) {
        var found: String?
        for seed in first..<first + 60 where found == nil {
            if let violation = Self.run(seed, mode, flaw).violation, violation.hasPrefix(invariant) {
                found = violation
            }
        }
        #expect(found != nil)
    }
}
