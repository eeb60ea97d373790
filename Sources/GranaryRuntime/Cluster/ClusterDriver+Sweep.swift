internal import GranaryCluster
internal import GranaryCore
internal import Logging
internal import Synchronization

// The list of members does not grow for ever.
extension ClusterDriver {
    /// How long after it became active a silo forgets members that ended long ago: it has let go of their time by then.
    private static let firstSweep: Duration = .seconds(3)
    /// How often it does so from then on.
    private static let sweepInterval: Duration = .seconds(600)

    /// Forgets members that ended long ago, now and then.
    func sweepIfDue(_ now: Duration) {
        let isDue = state.withLock { state in
            guard state.membership.phase == .active else { return false }
            guard let next = state.nextSweep else {
                state.nextSweep = now + Self.firstSweep
                return false
            }
            guard now >= next else { return false }
            state.nextSweep = now + Self.sweepInterval
            return true
        }
        guard isDue else { return }
        runErrand { [self] in
            do {
                let count = try await store.sweep()
                if count > 0 { logger.debug("forgot members that ended long ago", metadata: ["count": "\(count)"]) }
            } catch {
                logger.debug("ended members could not be forgotten", metadata: ["error": "\(error)"])
            }
        }
    }
}
