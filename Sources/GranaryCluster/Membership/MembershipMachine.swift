/// A member's life, its lease and its eye on the others: protocol sections 5 and 6, without any I/O.
///
/// Every event carries `now`, a reading of the silo's own clock that also runs while the machine sleeps. The machine is a
/// value: its owner calls it under a lock and carries the actions out afterwards, in their order.
package struct MembershipMachine: Sendable {
    /// The member's number, once it has one.
    package internal(set) var silo: Int32?
    /// Where it is in its life.
    package internal(set) var phase: MembershipPhase = .starting
    /// The newest view it knows.
    package internal(set) var view: ClusterView?
    /// Its lease.
    package internal(set) var lease: LeaseClock
    /// What the silo says of itself.
    package let candidate: ClusterCandidate
    let settings: MembershipSettings
    var peers: [Int32: Peer] = [:]
    /// The members this one has to probe, lowest number first.
    var targets: [Int32] = []
    /// The members this one does probe: all of them while it has to know who hears whom.
    var watched: [Int32] = []
    /// The highest number in any view: lower ones that a view lacks have ended and were swept.
    var highestSilo: Int32 = 0
    var nextJudgement: Duration = .zero
    /// Whom it reaches, computed once for all probes of a moment.
    var reached: (members: [Int32], at: Duration)?
    var burials: [Int32: Duration] = [:]
    var buried: Set<Int32> = []
    var lastTick: Duration?
    var sequence: UInt64 = 0
    var tag: UInt64 = 0
    var pending: [UInt64: PendingStatement] = [:]
    var reading: UInt64?
    var lastRead: Duration?
    var wantsRead = true
    var changing: UInt64?
    var nextChange: Duration = .zero
    var nextRenewal: Duration = .zero
    /// The view this member committed and has to send to all.
    var committed: Int64 = 0
    /// When the newest view was learned: older reads may show older views.
    var learned: Duration = .zero
    var wantsToLeave = false
    var isGraceOver = false
    var isDrained = false
    var relays: Set<Int32> = []
    var nextRelay: Duration = .zero
    var fencesToBreak: [Int32] = []

    /// Makes a machine that has not started.
    ///
    /// - Parameters:
    ///   - candidate: What the silo says of itself.
    ///   - settings: The settings.
    package init(candidate: ClusterCandidate, settings: MembershipSettings) {
        self.candidate = candidate
        self.settings = settings
        lease = LeaseClock(settings: settings)
    }

    /// Whether the member may serve (L2, L7).
    ///
    /// To be asked with a fresh reading of the clock.
    package func isServing(at now: Duration) -> Bool {
        guard !phase.isOver, phase != .starting else { return false }
        if lease.isServing(at: now, inMajority: false) { return true }
        return lease.isServing(at: now, inMajority: true) && isInMajority(at: now)
    }

    /// Until when the member may serve if nothing new is heard; `nil` when it may not.
    package func servingEnd(at now: Duration) -> Duration? {
        guard isServing(at: now) else { return nil }
        // Who is heard is looked at again at every tick, so it counts only for a little longer than that.
        let needsMajority = !lease.isServing(at: now, inMajority: false)
        return lease.end(at: now, inMajority: needsMajority, step: settings.lateTick)
    }

    /// Whether the newest view known tells that a member ended: its frames are dropped and answered with the view (L4).
    package func hasEnded(_ silo: Int32) -> Bool {
        peers[silo] == nil && silo != self.silo && silo <= highestSilo
    }

    /// More than half of the active members, this one included, were heard within half a second, and none is ahead.
    ///
    /// Heard means: it answered a probe that was sent this lately. Answers that lay unread while this member stood still
    /// prove nothing. While its lease is old, a member of the fast mode probes all others, so that it can know.
    private func isInMajority(at now: Duration) -> Bool {
        guard let view else { return false }
        if peers.values.contains(where: { ($0.report?.view ?? 0) > view.number }) { return false }
        var heard = 0
        var active = 0
        for member in view.members where member.status == .active {
            active += 1
            if member.silo == silo {
                heard += 1
            } else if let last = peers[member.silo]?.lastAnswer, now - last <= settings.probeTimeout {
                heard += 1
            }
        }
        return heard * 2 > active
    }
}
