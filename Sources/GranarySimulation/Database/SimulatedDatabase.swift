package import GranaryCluster

/// What PostgreSQL does for the cluster, statement by statement: each method is one committed transaction.
///
/// Its methods mean exactly what the functions of the same names in the schema mean.
package struct SimulatedDatabase: Sendable {
    /// One row of `granary.state`.
    package struct Row: Sendable, Hashable {
        package var etag: UInt64
        package var value: SimulatedState
    }

    /// What became of a save.
    package enum SaveOutcome: Sendable, Hashable {
        case saved
        case conflict(stored: UInt64?)
        /// Nothing was decided: the row was locked, or the statement failed.
        case busy
        /// The row itself is at fault.
        case refused
        case fenced
    }

    /// The newest view.
    package private(set) var view = ClusterView(number: 0, token: "t0", members: [])
    /// The tokens of all views.
    package private(set) var log: [Int64: String] = [:]
    /// The states of all grains.
    package private(set) var rows: [ClusterGrain: Row] = [:]
    /// Rules left out on purpose.
    package var flaws: Set<SimulatedFlaw> = []

    /// Makes an empty schema.
    package init() {}

    /// The database's wall clock in microseconds: it decides only when rows may be swept.
    package var wall: Int64 = 0
    private var endedAt: [Int32: Int64] = [:]
    private var loggedAt: [Int64: Int64] = [:]
    private var commits = 0
    private var highestSilo: Int32 = 0
    private var history = "t"

    /// From here on this is another database, restored from a backup: equal numbers, other tokens.
    package mutating func startOtherHistory() { history += "'" }

    /// Removes the rows of members that ended.
    package mutating func forget(_ silos: Set<Int32>) {
        view.members.removeAll { silos.contains($0.silo) && !$0.status.isLive }
    }

    /// The compare of the compare-and-set that every change is.
    private mutating func isNewest(_ expected: Int64) -> Bool {
        if flaws.contains(.blindBump) {
            view.number = expected
            return true
        }
        return expected == view.number
    }

    private func index(_ silo: Int32) -> Int? { view.members.firstIndex { $0.silo == silo } }

    /// The row of a member.
    package func member(_ silo: Int32) -> ClusterMember? { view.member(silo) }

    private mutating func bump() {
        view.number += 1
        commits += 1
        view.token = "\(history)\(commits)"
        log[view.number] = view.token
        loggedAt[view.number] = wall
    }

    private mutating func end(_ silos: [Int32], proven: Bool) {
        for silo in silos {
            guard let index = index(silo), view.members[index].status.isLive else { continue }
            view.members[index].status = .dead
            view.members[index].ringTo = view.members[index].ringTo ?? view.number
            view.members[index].ended = view.number
            view.members[index].fenced = proven
            endedAt[silo] = wall
        }
    }

    /// What `granary.declare_dead` does.
    package mutating func declareDead(_ silos: [Int32], view expected: Int64, proven: Bool) -> Int64? {
        guard isNewest(expected) else { return nil }
        bump()
        end(silos, proven: proven)
        return view.number
    }

    /// What `granary.prove_end` does.
    package mutating func proveEnd(_ silo: Int32) -> Int64? {
        guard let index = index(silo), view.members[index].status == .dead, !view.members[index].fenced else {
            return nil
        }
        bump()
        view.members[index].fenced = true
        return view.number
    }

    /// `granary.join`; an occupied name is an error, as the unique index makes it.
    package mutating func join(
        _ candidate: ClusterCandidate, view expected: Int64, supersedes: Int32?
    ) throws(SimulatedDatabaseError) -> ClusterJoin? {
        if let known = view.members.first(where: { $0.incarnation == candidate.incarnation }) {
            return ClusterJoin(silo: known.silo, view: known.joined)
        }
        guard isNewest(expected) else { return nil }
        let namesake = view.members.first { $0.status.isLive && $0.name == candidate.name }
        if let namesake, namesake.silo != supersedes { throw SimulatedDatabaseError.refused }
        if let supersedes {
            bump()
            end([supersedes], proven: false)
        }
        bump()
        highestSilo += 1
        let silo = highestSilo
        view.members.append(ClusterMember(silo: silo, candidate: candidate, joined: view.number))
        return ClusterJoin(silo: silo, view: view.number)
    }

    /// Removes what ended an hour ago and what no live member may still hold or ask about.
    ///
    /// - Returns: The number of members that were removed.
    package mutating func sweep() -> Int {
        let needed = flaws.contains(.sweepEarly) ? .max : view.live.map(\.released).min() ?? -1
        let old = wall - 3_600_000_000
        let before = view.members.count
        view.members.removeAll { member in
            guard let ended = member.ended, let at = endedAt[member.silo] else { return false }
            return at < old && ended <= needed
        }
        for (number, at) in loggedAt where at < old && number <= needed {
            loggedAt[number] = nil
            log[number] = nil
        }
        return before - view.members.count
    }

    /// What `granary.advance` does.
    package mutating func advance(
        _ silo: Int32, to status: ClusterMemberStatus, view expected: Int64
    ) throws(SimulatedDatabaseError) -> Int64? {
        guard isNewest(expected) else { return nil }
        guard let index = index(silo) else { throw SimulatedDatabaseError.refused }
        switch (view.members[index].status, status) {
        case (.joining, .active), (.active, .leaving), (.joining, .left), (.leaving, .left): break
        default: throw SimulatedDatabaseError.refused
        }
        bump()
        view.members[index].status = status
        if status == .active { view.members[index].ringFrom = view.number }
        if status == .leaving { view.members[index].ringTo = view.number }
        if status == .left {
            view.members[index].ended = view.number
            view.members[index].fenced = true
            endedAt[silo] = wall
        }
        return view.number
    }

    /// What `granary.renew` does.
    package mutating func renew(_ silo: Int32, released: Int64) -> ClusterRenewal {
        let index = index(silo)
        if let index, view.members[index].status.isLive {
            view.members[index].renewals += 1
            view.members[index].released = max(view.members[index].released, released)
        }
        return ClusterRenewal(
            view: view.number, token: view.token, status: index.map { view.members[$0].status })
    }

    /// `granary.save` of one row.
    package mutating func save(
        _ grain: ClusterGrain, by silo: Int32, expected: UInt64?, next: UInt64, value: SimulatedState
    ) -> SaveOutcome {
        let status = member(silo)?.status
        if status != .active, status != .leaving, !flaws.contains(.noFenceCheck), !flaws.contains(.reuseEtag) {
            return .fenced
        }
        let stored = rows[grain]?.etag
        if stored == next { return .saved }
        guard stored == expected else { return .conflict(stored: stored) }
        rows[grain] = Row(etag: next, value: value)
        return .saved
    }
}
