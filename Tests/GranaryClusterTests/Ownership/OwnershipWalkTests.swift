import GranaryCluster
import GranarySimulation
import Testing

@Suite struct OwnershipWalkTests {
    @Test(arguments: [false, true]) func theRulesHold(strict: Bool) {
        var activations = 0
        for seed in UInt64(0)..<40 {
            var walk = OwnershipWalk(seed: seed, strict: strict)
            if let violation = walk.run() { Issue.record("seed \(seed): \(violation)") }
            activations += walk.activations
        }
        #expect(activations > 60)
    }

    /// Each rule is needed: without it the walk goes wrong.
    @Test(arguments: [
        (OwnershipWeakness.releasedOrDead, true), (.skipWatermark, true), (.buryAtOnce, true),
    ])
    func aMissingRuleIsFound(weakness: OwnershipWeakness, strict: Bool) {
        let found = (UInt64(170)..<600).first { seed in
            var walk = OwnershipWalk(seed: seed, strict: strict, weakness: weakness)
            return walk.run() != nil
        }
        #expect(found != nil)
    }
}
