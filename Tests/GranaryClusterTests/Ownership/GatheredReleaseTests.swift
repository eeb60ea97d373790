import GranaryCluster
import Testing

/// Releases that nobody waits for travel together, and no more states are handed over unasked than are kept.
///
/// Silo 1 has all grains in view 1; in view 2 some of them are silo 2's.
@Suite struct GatheredReleaseTests {
    /// Silo 1 in view 2, about to let go of grains.
    private struct Scene {
        var first: OwnershipMachine
        let grains: [ClusterGrain]
        /// What it does when some time goes on before the survey is complete.
        let early: [OwnershipAction]
        /// The places of the grains that it lets go of at once.
        private(set) var begun: [Int] = []

        /// - Parameters:
        ///   - count: How many grains silo 1 is to let go of.
        ///   - configure: Changes its settings.
        init(_ count: Int, _ configure: (inout OwnershipSettings) -> Void = { _ in }) {
            first = NewerReleaseTests.machine(1, []) {
                $0.hashesPerRelease = 8
                $0.warmLimit = 24
                configure(&$0)
            }
            _ = first.install(NewerReleaseTests.view(1))
            _ = first.surveyed(1)
            _ = first.install(NewerReleaseTests.view(2))
            let hasher = GrainHasher(type: "Cart", key: NewerReleaseTests.key)
            let history = first.snapshot.history
            grains = Array(
                (0..<10_000).lazy.map { ClusterGrain(type: "Cart", key: "\($0)", hash: hasher.hash("\($0)")) }
                    .filter { history.owner(of: $0.hash, type: "Cart", at: 2) == 2 }.prefix(count))
            first.foreign(grains, in: 2)
            // Others must hear first of what is held: time alone begins nothing before the survey is complete.
            early = first.tick()
            begun = letsGo(first.surveyed(2))
        }

        /// The places of the grains that actions let go of.
        func letsGo(_ actions: [OwnershipAction]) -> [Int] {
            actions.compactMap { action in
                if case .letGo(let grain) = action { grains.firstIndex(of: grain) } else { nil }
            }
        }

        /// Lets go of a grain that has a state; answers what silo 2 is sent.
        mutating func letGo(_ index: Int) -> [ClusterMessage] {
            NewerReleaseTests.messages(
                first.letGo(grains[index], handover: ([NewerReleaseTests.state], false)), to: 2)
        }

        func hashes(_ range: Range<Int>) -> [UInt64] { grains[range].map(\.hash) }
    }

    private func releases(_ messages: [ClusterMessage]) -> [ClusterMessage] {
        messages.filter { if case .released = $0 { true } else { false } }
    }

    private func handovers(_ messages: [ClusterMessage]) -> Int {
        messages.count { if case .handover = $0 { true } else { false } }
    }

    @Test func `none is let go of before it is announced, however long the survey takes`() {
        let scene = Scene(20)
        #expect(scene.early.isEmpty)
        #expect(scene.begun.count == 20)
    }

    @Test func `they come by the message, and the last ones as soon as nothing is left`() {
        var scene = Scene(20)
        var sent: [ClusterMessage] = []
        for index in 0..<20 { sent += scene.letGo(index) }
        #expect(
            releases(sent) == [
                .released(view: 2, hashes: scene.hashes(0..<8)), .released(view: 2, hashes: scene.hashes(8..<16)),
                .released(view: 2, hashes: scene.hashes(16..<20)),
            ])
        #expect(scene.first.isSettled)
        #expect(handovers(sent) == 12)
    }

    @Test func `who waits for a grain is told at once, with its states`() {
        var scene = Scene(20)
        var sent: [ClusterMessage] = []
        for index in 0..<13 { sent += scene.letGo(index) }
        #expect(releases(sent).count == 1)
        // It asks for one that is gone, and for one that is not.
        let gone = scene.first.receive(.pull(grain: scene.grains[10], view: 2, known: 2), from: 2)
        #expect(NewerReleaseTests.messages(gone, to: 2) == [.released(view: 2, hashes: scene.hashes(8..<13))])
        let held = scene.first.receive(.pull(grain: scene.grains[15], view: 2, known: 2), from: 2)
        #expect(NewerReleaseTests.messages(held, to: 2).isEmpty)
        let last = scene.letGo(15)
        #expect(handovers(last) == 1)
        #expect(releases(last) == [.released(view: 2, hashes: scene.hashes(15..<16))])
    }

    @Test func `they go step by step, and the faster the more there are`() {
        var scene = Scene(300) {
            $0.releasesPerTick = 5
            $0.ticksOfReleases = 10
        }
        var going = scene.begun
        #expect(going.count == 30)
        for _ in 0..<30 { _ = scene.letGo(going.removeFirst()) }
        // Nothing more before some time went on.
        #expect(going.isEmpty)
        going = scene.letsGo(scene.first.tick())
        #expect(going.count == 30)
        // One that is waited for does not wait for its step.
        let asked = scene.first.receive(.pull(grain: scene.grains[299], view: 2, known: 2), from: 2)
        #expect(scene.letsGo(asked) == [299])
        // A silo that leaves has nothing else to do.
        var view = NewerReleaseTests.view(3)
        view.members[0].status = .leaving
        view.members[0].ringTo = 3
        _ = scene.first.install(view)
        #expect(scene.letsGo(scene.first.surveyed(3)).count == 64 - 30)
    }

    @Test func `they are told in the view in which they were made`() {
        var scene = Scene(20)
        for index in 0..<3 { #expect(releases(scene.letGo(index)).isEmpty) }
        let installed = NewerReleaseTests.messages(scene.first.install(NewerReleaseTests.view(3)), to: 2)
        #expect(releases(installed) == [.released(view: 2, hashes: scene.hashes(0..<3))])
    }
}
