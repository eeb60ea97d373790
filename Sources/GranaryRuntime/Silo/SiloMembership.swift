internal import GranaryCore
internal import Logging
internal import Synchronization

/// This silo's place in its cluster: joining, the lease, leaving.
///
/// For now a cluster has one silo. A live member of the same name is this silo's former self and is superseded; another
/// live member keeps this one out for as long as it renews its lease.
final class SiloMembership: Sendable {
    private let store: any MembershipStore
    private let configuration: SiloConfiguration
    private let types: [String]
    private let time: any TimeSource
    private let random: any RandomSource
    private let logger: Logger
    private let news: MembershipNews
    private let seat = Mutex<(silo: Int32, view: Int64)?>(nil)

    init(
        store: any MembershipStore, configuration: SiloConfiguration, types: [String], time: any TimeSource,
        random: any RandomSource, logger: Logger, news: MembershipNews
    ) {
        self.store = store
        self.configuration = configuration
        self.types = types
        self.time = time
        self.random = random
        self.logger = logger
        self.news = news
    }

    /// Joins the cluster and becomes active.
    ///
    /// - Returns: The member's number.
    func join() async throws -> Int32 {
        let milliseconds = Int32(clamping: Int64(configuration.lease.ticks) * Duration.tickMilliseconds)
        let candidate = MemberCandidate(
            incarnation: random.nextETag().description, name: configuration.name, address: "local", weight: 1,
            types: types.sorted(), leaseMilliseconds: milliseconds)
        while true {
            let view = try await store.read()
            if let ended = try await endOthers(in: view) {
                if ended { continue }
            }
            let former = view.members.first { $0.status.isLive && $0.name == configuration.name }
            if let former {
                logger.notice("taking the place of a former silo of this name", metadata: ["silo": "\(former.silo)"])
            }
            guard let joined = try await store.join(candidate, view: view.number, superseding: former?.silo) else {
                continue
            }
            seat.withLock { $0 = joined }
            news.take(
                MembershipEvent(name: configuration.name, silo: joined.silo, status: .joining, view: joined.view))
            try await advance(to: .active)
            return joined.silo
        }
    }

    /// Waits for live members of other names to end or to stop renewing; declares those dead that stopped.
    ///
    /// - Returns: `nil` when there is none.
    private func endOthers(in view: MembershipView) async throws -> Bool? {
        let others = view.members.filter { $0.status.isLive && $0.name != configuration.name }
        guard let longest = others.map(\.leaseMilliseconds).max() else { return nil }
        logger.notice(
            "another silo is alive in this cluster; waiting for its lease to run out",
            metadata: ["silos": "\(others.map(\.name).joined(separator: ", "))"])
        // Its renewals must stand still for a whole lease, read at short intervals on this silo's own clock.
        let before = Dictionary(uniqueKeysWithValues: others.map { ($0.silo, $0.renewals) })
        let end = time.now + .milliseconds(Int64(longest))
        while time.now < end {
            try await time.sleep(for: .milliseconds(200))
            let now = try await store.read()
            for member in now.members where member.status.isLive && before[member.silo] != nil {
                guard member.renewals != before[member.silo] else { continue }
                throw GrainError(
                    .configuration,
                    "Silo '\(member.name)' is alive in cluster '\(configuration.cluster)', and one silo at a time can "
                        + "serve it. Stop that silo first, or give this one the same name to take its place.")
            }
        }
        let newest = try await store.read()
        let silent = newest.members.filter { $0.status.isLive && before[$0.silo] == $0.renewals }.map(\.silo)
        guard !silent.isEmpty else { return true }
        _ = try await store.declareDead(silent, view: newest.number, reason: "lease ran out", proven: false)
        return true
    }

    private func advance(to status: MemberStatus) async throws {
        guard let silo = seat.withLock({ $0?.silo }) else { return }
        while true {
            let view = try await store.read()
            guard let member = view.members.first(where: { $0.silo == silo }), member.status.isLive else {
                throw GrainError(.fenced, "This silo was declared dead by another one.")
            }
            if member.status == status { return }
            if let number = try await store.advance(silo, to: status, view: view.number) {
                seat.withLock { $0?.view = number }
                news.take(MembershipEvent(name: configuration.name, silo: silo, status: status, view: number))
                return
            }
        }
    }

    /// Renews the lease until the task is cancelled.
    ///
    /// - Parameters:
    ///   - fenced: Called once when the silo reads its own end.
    ///   - leaving: Called when the silo reads that it is to leave, which an operator may have asked for.
    func renew(fenced: @Sendable (String) -> Void, leaving: @Sendable () -> Void) async {
        let interval = configuration.lease / 4
        while !Task.isCancelled {
            do { try await time.sleep(for: interval) } catch { return }
            guard let (silo, view) = seat.withLock({ $0 }) else { return }
            do {
                let renewal = try await store.renew(silo, released: view)
                if renewal.status?.isLive != true {
                    news.take(
                        MembershipEvent(name: configuration.name, silo: silo, status: .dead, view: renewal.view))
                    return fenced("the database lists this silo as \(renewal.status?.rawValue ?? "unknown")")
                }
                if renewal.status == .leaving { leaving() }
            } catch {
                logger.warning("the lease could not be renewed", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Announces that the silo is leaving.
    func leave() async throws { try await advance(to: .leaving) }

    /// Ends the membership: as left when nothing is held any more, else as dead.
    func end(holdingNothing: Bool) async throws {
        guard let silo = seat.withLock({ $0?.silo }) else { return }
        if holdingNothing { return try await advance(to: .left) }
        while true {
            let view = try await store.read()
            guard view.members.contains(where: { $0.silo == silo && $0.status.isLive }) else { return }
            if try await store.declareDead([silo], view: view.number, reason: "drain cut short", proven: false) != nil {
                return
            }
        }
    }
}
