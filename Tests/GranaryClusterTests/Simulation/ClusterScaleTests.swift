import GranarySimulation
import Testing

/// Large clusters with full machines: `granary-simulate --converge 200` shows the same for two hundred silos, in release.
@Suite struct ClusterScaleTests {
    /// Everybody agrees soon after any single change, and what that costs a silo does not depend on the number of grains,
    /// but for those that move.
    @Test func anySingleChangeConvergesWithMessagesIndependentOfTheNumberOfGrains() {
        let few = ConvergenceStudy(silos: 24, grains: 1)
        let many = ConvergenceStudy(silos: 24, grains: 4_000)
        #expect(few.faults(beside: many) == [])
        #expect(many.faults(beside: few) == [])
        #expect(many.costs.count == 4 && few.costs.count == 4)
    }
}
