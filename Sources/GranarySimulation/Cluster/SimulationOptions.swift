package import GranaryCluster

/// What a simulation is to be like.
package struct SimulationOptions: Sendable {
    /// The seed: equal options with equal seeds run alike.
    package var seed: UInt64
    /// The mode.
    package var mode: ClusterMode = .fast
    /// The number of silos; some of them start late.
    ///
    /// Default: 4.
    package var silos = 4
    /// The number of grains.
    ///
    /// Default: 12.
    package var grains = 12
    /// How long a majority goes on without a database.
    ///
    /// Default: 8 s, so that a run sees its end.
    package var graceSeconds = 8
    /// How many hashes an announcement holds; few, so that there are several parts.
    ///
    /// Default: 3.
    package var hashesPerMessage = 3
    /// Rules left out on purpose.
    package var flaws: Set<SimulatedFlaw> = []
    /// How long faults happen, in seconds of simulated time.
    ///
    /// Default: 16.
    package var faultySeconds: Int64 = 16
    /// Whether silos host different versions of a grain type, some of which do not serve beside others.
    package var hasVersions = false
    /// Whether to record what happens.
    package var isTraced = false

    /// Makes options.
    ///
    /// - Parameter seed: The seed.
    package init(seed: UInt64) {
        self.seed = seed
    }

    /// The arguments that make `granary-simulate` run this again.
    ///
    /// - Parameter seed: The seed.
    /// - Returns: The arguments.
    package func arguments(seed: UInt64) -> String {
        let flags =
            (mode == .strict ? " --strict" : "") + (hasVersions ? " --versions" : "")
            + flaws.map { " --break \($0)" }.sorted().joined()
        return "--seeds \(seed)...\(seed) --silos \(silos)\(flags)"
    }
}
