/// Until when a member may serve: protocol L1, L2 and L7.
package struct LeaseClock: Sendable, Hashable {
    private let mode: ClusterMode
    private let length: Duration
    private let usable: Duration
    private let grace: Duration
    /// When the last renewal that answered "live" was sent; `nil` before the first.
    package private(set) var renewed: Duration?

    /// Makes a clock without a lease.
    ///
    /// - Parameter settings: The settings.
    package init(settings: MembershipSettings) {
        mode = settings.mode
        length = settings.lease
        usable = settings.lease * (1 - settings.drift) - settings.margin
        grace = settings.grace
    }

    /// A renewal answered "live".
    ///
    /// - Parameter sent: The own clock *before* the renewal was sent.
    package mutating func renew(sentAt sent: Duration) {
        renewed = max(renewed ?? sent, sent)
    }

    /// How old the lease is.
    package func age(at now: Duration) -> Duration? {
        renewed.map { now - $0 }
    }

    /// Whether the member may serve.
    ///
    /// - Parameters:
    ///   - now: The own clock.
    ///   - inMajority: Whether more than half of the active members were heard lately and none is ahead; asked for only
    ///     in fast mode without a database.
    /// - Returns: Whether it may.
    package func isServing(at now: Duration, inMajority: Bool) -> Bool {
        guard let renewed else { return false }
        if now < renewed + usable { return true }
        return mode == .fast && inMajority && now < renewed + grace
    }

    /// Until when the member may serve if nothing new is heard.
    ///
    /// - Parameters:
    ///   - now: The own clock.
    ///   - inMajority: Whether more than half of the active members were heard lately and none is ahead.
    ///   - step: For how long that is believed.
    /// - Returns: Until when; a time that has passed when it may not.
    func end(at now: Duration, inMajority: Bool, step: Duration) -> Duration {
        guard let renewed else { return .zero }
        let end = renewed + usable
        return mode == .fast && inMajority ? max(end, min(now + step, renewed + grace)) : end
    }

    /// When the lease of a member whose end was learned is over for certain (L5).
    ///
    /// - Parameters:
    ///   - member: The member.
    ///   - learned: The own clock *after* the view of its end was learned.
    ///   - drift: How much two clocks may differ in speed.
    /// - Returns: When, on the own clock.
    package static func burial(of member: ClusterMember, learned: Duration, drift: Double) -> Duration {
        learned + member.lease * (1 + drift)
    }
}
