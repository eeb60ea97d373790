internal import GranaryCluster
internal import GranaryCore
internal import Logging

extension ClusterDriver {
    /// Leaves the cluster: hands over everything, or gives up at the end of the grace period.
    func drain(until end: Duration, isEmpty: () async -> Bool) async {
        leave()
        while !isOver, time.now < end {
            if phase == .leaving { noteDrained(await isEmpty()) }
            do { try await time.sleep(for: .milliseconds(5)) } catch { break }
        }
        guard !isOver else { return }
        logger.warning("the grace period is over; this silo declares itself dead, so that nothing it still does counts")
        graceEnded()
        let limit = time.now + .seconds(2)
        while !isOver, time.now < limit {
            do { try await time.sleep(for: .milliseconds(5)) } catch { break }
        }
    }
}

extension SiloRuntime {
    /// Agrees with the cluster on its settings; the first silo's stay, also when that one is alone for now.
    func settle(_ store: any MembershipStore) async throws -> ClusterSettings {
        let own = ClusterSettings(
            cluster: configuration.cluster, failover: configuration.failover, random: random)
        let stored = try await own.settled(in: store)
        guard stored.mode == own.mode else {
            throw GrainError(
                .configuration,
                "The cluster's failover mode is \(stored.mode.rawValue); this silo asks for \(own.mode.rawValue). Set "
                    + "granary.failover to \(stored.mode.rawValue), or stop all silos and change the cluster's settings."
            )
        }
        guard stored.protocolVersion == own.protocolVersion else {
            throw GrainError(
                .configuration,
                "The cluster speaks version \(stored.protocolVersion) of the protocol and this silo version "
                    + "\(own.protocolVersion); they cannot work together.")
        }
        return stored
    }
}
