/// What single changes cost a large cluster: how soon everybody agrees, and how many messages that takes.
package struct ConvergenceStudy: Sendable {
    /// What one change cost.
    package struct Cost: Sendable, Hashable {
        /// What happened to one silo.
        package var change: String
        /// How long it took until everybody alive had installed the last view and held nothing that it did not own, in
        /// milliseconds; `nil` when it took longer than the limit.
        package var milliseconds: Int64?
        /// The longest it may take.
        package var limit: Int64
        /// The messages on control connections in the three seconds after the change.
        package var controlMessages: Int
        /// The announcements of installed views.
        package var announcements: Int
        /// The messages about single grains.
        package var grainMessages: Int
        /// Of one call to every grain afterwards, how many failed.
        package var failedCalls: Int
    }

    private static let freeze = "stands still"
    /// The number of silos.
    package let silos: Int
    /// The number of grains that are active all the while.
    package let grains: Int
    /// The costs, in the order in which the changes were made.
    package private(set) var costs: [Cost] = []
    /// What went wrong, if anything did.
    package private(set) var violation: String?

    /// Starts the silos, activates the grains, then lets a silo join, leave, die and stand still, one after the other.
    ///
    /// - Parameters:
    ///   - silos: The number of silos.
    ///   - grains: The number of grains.
    package init(silos: Int, grains: Int) {
        self.silos = silos
        self.grains = grains
        var options = SimulationOptions(seed: 5)
        options.silos = silos + 1
        options.grains = grains
        options.hashesPerMessage = 8_192
        let simulation = ClusterSimulation(options)
        simulation.makesCalls = false
        simulation.begin(0..<silos)
        guard simulation.advance(atMost: 60_000, until: { simulation.isCalm(0..<silos) }) != nil else {
            violation = simulation.violation ?? "the cluster does not form"
            return
        }
        simulation.advance(3_000)
        if simulation.callAll(from: 3) > 0 || simulation.heldCount != grains {
            violation = "not all grains could be activated"
            return
        }
        // Announced by whoever moves grains: a few times a probe's way.
        measure("joins", within: 1_000, leaving: silos + 1, simulation) { simulation.start(silos..<silos + 1) }
        measure("leaves", within: 1_000, leaving: silos, simulation) { simulation.leave(silos..<silos + 1) }
        // Found by its closed connections (F1), then by silence (F2).
        measure("dies", within: 300, leaving: silos - 1, simulation) { simulation.kill(silos - 1..<silos) }
        measure(Self.freeze, within: 4_000, leaving: silos - 2, simulation) {
            simulation.freeze(silos - 2, milliseconds: 30_000)
        }
        violation = violation ?? simulation.violation
    }

    private mutating func measure(
        _ change: String, within limit: Int64, leaving active: Int, _ simulation: ClusterSimulation, make: () -> Void
    ) {
        let before = simulation.statistics
        let start = simulation.now
        make()
        let time = simulation.advance(atMost: limit) { simulation.isCalm(0..<active) }
        simulation.advance(max(0, 3_000 - (simulation.now - start) / 1_000))
        let after = simulation.statistics
        let announcements = after.announcements - before.announcements
        costs.append(
            Cost(
                change: change, milliseconds: time, limit: limit,
                controlMessages: after.controlMessages - before.controlMessages, announcements: announcements,
                grainMessages: after.ownershipMessages - before.ownershipMessages - announcements,
                failedCalls: simulation.callAll(from: 4)))
    }

    /// What is wrong with the costs, compared with those of a cluster of as many silos with another number of grains.
    ///
    /// - Parameter other: The other study.
    /// - Returns: The faults.
    package func faults(beside other: Self) -> [String] {
        var faults = [violation, other.violation].compactMap(\.self)
        for (cost, other) in zip(costs, other.costs) {
            let change = "\(grains) grains, a silo \(cost.change)"
            if cost.milliseconds == nil { faults.append("\(change): no agreement within \(cost.limit) ms") }
            if cost.failedCalls > 0 { faults.append("\(change): \(cost.failedCalls) calls fail afterwards") }
            // Eight probes and as many answers every 250 ms; views from whoever committed them. While a member is silent,
            // its eight observers probe everybody, to know who reaches whom.
            let probes = cost.change == Self.freeze ? 12 + 7 : 12 + 2
            if cost.controlMessages > 2 * 8 * probes * silos {
                faults.append("\(change): \(cost.controlMessages) control messages")
            }
            if abs(cost.controlMessages - other.controlMessages) > other.controlMessages / 10 {
                faults.append("\(change): \(cost.controlMessages) control messages, not \(other.controlMessages)")
            }
            // Each tells the newcomer, or the one that goes tells all, and whoever got its grains' neighbours.
            if cost.announcements > 3 * silos || cost.announcements != other.announcements {
                faults.append("\(change): \(cost.announcements) announcements, not \(other.announcements)")
            }
            // Only grains that move cost anything: a pull, its announcement, a hand-over and a release each.
            if cost.grainMessages > grains / silos * 8 + 8 {
                faults.append("\(change): \(cost.grainMessages) messages about grains")
            }
        }
        return faults
    }
}

extension ConvergenceStudy: CustomStringConvertible {
    /// One line per change.
    package var description: String {
        costs.map { cost in
            "\(silos) silos, \(grains) grains, one \(cost.change): agreed after "
                + "\(cost.milliseconds.map { "\($0)" } ?? "more than \(cost.limit)") ms; per silo "
                + "\(cost.controlMessages / silos) control messages in 3 s, in all \(cost.announcements) announcements and "
                + "\(cost.grainMessages) messages about grains; \(cost.failedCalls) failed calls"
        }.joined(separator: "\n")
    }
}
