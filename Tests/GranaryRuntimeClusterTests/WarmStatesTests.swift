import GranaryCluster
import GranaryCore
import Testing

@testable import GranaryRuntime

/// States that came with a grain, until an activation takes them.
struct WarmStatesTests {
    private let warmth = WarmStates()
    private let grain = ClusterGrain(type: "Ledger", key: "a", hash: 1)
    private let record = StateRecord(etag: ETag(high: 1, low: 2), version: 3, data: [4, 5])

    /// Keeps the record as what came with the grain for an activation in view 7.
    private func keep() {
        warmth.keep(
            GrainHandover(grain: grain, view: 6, states: [HandedState(name: "s", record: record)], dirty: false), for: 7
        )
    }

    @Test func `who activates the grain takes them, once`() {
        keep()
        #expect(warmth.take(grain, in: 7) == ["s": record])
        #expect(warmth.take(grain, in: 7) == nil)
    }

    @Test func `they go on to the next view, in which who was turned away by it is permitted again`() {
        keep()
        warmth.advance(to: 8) { _ in true }
        warmth.advance(to: 9) { _ in true }
        #expect(warmth.take(grain, in: 9) == ["s": record])
    }

    @Test func `an activation of the older view takes them, too: the view came between its permission and this`() {
        keep()
        warmth.advance(to: 8) { _ in true }
        #expect(warmth.take(grain, in: 7) == ["s": record])
    }

    @Test func `in a view that gives the grain to another silo they are dropped`() {
        keep()
        warmth.advance(to: 8) { _ in false }
        warmth.advance(to: 9) { _ in true }
        #expect(warmth.take(grain, in: 9) == nil)
        #expect(warmth.take(grain, in: 7) == nil)
    }

    @Test func `a view that was skipped may have given the grain away, so they are dropped`() {
        keep()
        warmth.advance(to: 9) { _ in true }
        #expect(warmth.take(grain, in: 9) == nil)
    }

    @Test func `a view that they did not go on to takes nothing`() {
        keep()
        #expect(warmth.take(grain, in: 8) == nil)
    }
}
