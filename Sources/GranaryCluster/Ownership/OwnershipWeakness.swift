/// Rules of ownership that a test leaves out, to show that the simulation finds each one missing.
package struct OwnershipWeakness: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Asks only whether the last owner before this one released or ended (against O3 and O4).
    package static let releasedOrDead = Self(rawValue: 1)
    /// Reports every installed view as released (against O7).
    package static let skipWatermark = Self(rawValue: 2)
    /// Takes every member that ended for buried (against L5).
    package static let buryAtOnce = Self(rawValue: 4)
    /// Uses handed-over states without asking who owned the grain in between (against O6).
    package static let trustHandovers = Self(rawValue: 8)
    /// Activates what another member released in a view that is not installed yet (against O2 and O4).
    package static let trustNewerReleases = Self(rawValue: 16)
}
