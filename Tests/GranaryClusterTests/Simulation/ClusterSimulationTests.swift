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
        #expect((total.provenEnds > 0) == (mode == .strict))
    }

    @Test(arguments: [ClusterMode.fast, .strict]) func theInvariantsHoldWithSeveralVersionsOfAType(mode: ClusterMode) {
        var turns = 0
        for seed in UInt64(0)..<5 {
            var options = SimulationOptions(seed: seed)
            options.mode = mode
            options.hasVersions = true
            let simulation = ClusterSimulation(options)
            if let violation = simulation.run() {
                Issue.record("\(violation); replay: granary-simulate \(options.arguments(seed: seed)) --trace")
            }
            turns += simulation.statistics.turns
        }
        #expect(turns > 5_000)
    }

    @Test func equalSeedsRunAlike() {
        let first = Self.run(3, .fast).statistics
        let second = Self.run(3, .fast).statistics
        #expect(first.events == second.events && first.turns == second.turns)
    }

    /// The one seed of some 500 that shows what happens without this rule: see `trustNewerReleases` below.
    @Test func aReleaseOfANewerViewFreesNothingBeforeThatViewIsInstalled() {
        #expect(Self.run(2_048, .strict).violation == nil)
    }

    /// Every flaw with a mode in which it matters, the invariant as which it is found, and the seed that finds it.
    static let flaws: [(flaw: SimulatedFlaw, mode: ClusterMode, invariant: String, seed: UInt64)] = [
        (.blindBump, .fast, "I1", 3), (.releasedOrDead, .fast, "I2", 8), (.releasedOrDead, .strict, "I2", 1),
        (.serveAfterLease, .strict, "I2", 9), (.buryAtOnce, .strict, "I2", 0),
        (.proveEarly, .strict, "I2", 3), (.skipWatermark, .fast, "I2", 2),
        (.sweepEarly, .strict, "I2", 2_093), (.noFenceCheck, .fast, "I3", 3), (.reuseEtag, .fast, "I", 145),
        (.acknowledgeEarly, .fast, "I5", 0), (.trustFailedBatch, .fast, "I5", 1), (.freshEtagOnResend, .fast, "I5", 0),
        (.releaseUnsaved, .fast, "I6", 0), (.trustHandovers, .fast, "I6", 27),
        (.trustNewerReleases, .strict, "I6", 2_048),
        (.leakySeal, .fast, "I6", 29), (.hideLoss, .strict, "O6", 178), (.outliveWindow, .fast, "S8", 1),
        (.resend, .fast, "I7", 3), (.forwardWithoutOrder, .fast, "I8", 2), (.forgetTurnedAway, .fast, "I8", 11),
        (.waitForAll, .fast, "I9", 4), (.neverSuspect, .fast, "I10", 0),
    ]

    @Test func everyFlawIsLookedFor() {
        #expect(Set(Self.flaws.map(\.flaw)) == Set(SimulatedFlaw.allCases))
    }

    /// Each rule left out is found within 60 seeds, and as the invariant it upholds. The search starts where it was found
    /// last, to be short.
    @Test(arguments: flaws)
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
