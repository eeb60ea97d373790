/// What the ownership rules need to know of the cluster's settings and of this silo.
package struct OwnershipSettings: Sendable {
    /// The mode.
    package var mode: ClusterMode
    /// The cluster's hash key.
    package var hashKey: HashKey
    /// Ring points per unit of weight.
    ///
    /// Default: 2,048, with which no silo of a hundred has 10 % more than its share.
    package var pointsPerWeight = 2_048
    /// How many grains that nobody waits for are let go at once.
    ///
    /// Default: 64.
    package var backgroundReleases = 64
    /// How many grains that nobody waits for are let go from one ``OwnershipMachine/tick()`` to the next, at least.
    ///
    /// Default: 64.
    package var releasesPerTick = 64
    /// In how many ticks all grains that nobody waits for are let go, however many they are.
    ///
    /// Default: 100, which is a second with ticks of 10 ms.
    package var ticksOfReleases = 100
    /// How many handed-over grains are kept warm until their first call.
    ///
    /// Default: 4,096.
    package var warmLimit = 4_096
    /// The most hashes in one ``ClusterMessage/installed(view:held:last:)``.
    ///
    /// Default: 8,192, which is 64 KiB.
    package var hashesPerMessage = 8_192
    /// How many releases of grains that nobody waits for go into one ``ClusterMessage/released(view:hashes:)``.
    ///
    /// Default: 64.
    package var hashesPerRelease = 64
    /// Rules left out on purpose: empty but in tests that show that the simulation notices.
    package var weakness: OwnershipWeakness = []

    /// Makes settings.
    ///
    /// - Parameters:
    ///   - mode: The mode.
    ///   - hashKey: The cluster's hash key.
    package init(mode: ClusterMode, hashKey: HashKey) {
        self.mode = mode
        self.hashKey = hashKey
    }
}
