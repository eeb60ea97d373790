/// Which grains a member may activate and which it must let go: protocol section 7, without any I/O.
///
/// The machine keeps nothing for a grain that the member owns and serves: the catalog of activations is the truth there.
/// It knows the grains it waits for, the grains it holds but no longer owns, and one entry per other member. A million
/// held grains cost it nothing until they have to move.
///
/// The machine is a value: its owner calls it under a lock and carries the actions out afterwards, in their order.
package struct OwnershipMachine: Sendable {
    /// The member's number.
    package let silo: Int32
    /// The number of the installed view; 0 before the first.
    package internal(set) var installed: Int64 = 0
    let settings: OwnershipSettings
    var history: RingHistory
    var floor: Int64 = 0
    var own: ClusterMember?
    var others: [Int32: Neighbour] = [:]
    /// The ended members of the installed view whose leases are not over yet (strict mode).
    var unburied: Set<Int32> = []
    var highestSilo: Int32 = 0
    var isServing = false
    var isStopped = false
    var isSurveying = false
    var watermark: Int64 = 0
    var foreign: [ClusterGrain: ForeignGrain] = [:]
    var foreignHashes: [UInt64: Int] = [:]
    /// Grains to let go in the background, from `next` on.
    var queue: [ClusterGrain] = []
    var next = 0
    var background = 0
    /// How many of them may still be let go before the next tick.
    var allowance = 0
    /// Releases that nobody waits for, until there are enough for a message, by their receiver.
    var untold: [Int32: [UInt64]] = [:]
    /// How many grains that nobody waited for were handed over in the installed view, by their receiver.
    var handedOver: [Int32: Int] = [:]
    /// How many each of them may be sent: of what it keeps, this member's share.
    var warmShare = 0
    var parked: [ClusterGrain: ParkedGrain] = [:]
    var waitingPulls: [WaitingPull] = []
    var warm: [ClusterGrain: WarmGrain] = [:]
    var warmOrder: [ClusterGrain] = []
    var unsettled: [ClusterGrain: Int32] = [:]

    /// Makes a machine that has installed nothing.
    ///
    /// - Parameters:
    ///   - silo: The member's number.
    ///   - settings: The settings.
    package init(silo: Int32, settings: OwnershipSettings) {
        self.silo = silo
        self.settings = settings
        history = RingHistory(key: settings.hashKey, pointsPerWeight: settings.pointsPerWeight)
    }

    /// What the next renewal reports: the highest view up to which nothing foreign is held and every end is buried (O7).
    package var released: Int64 { watermark }

    /// Whether grains wait for other members: then releases have to be read from the database now and then.
    package var isWaiting: Bool { !parked.isEmpty }

    /// Whether nothing is held that the member does not own, as far as the surveys found.
    package var isSettled: Bool { !isSurveying && foreign.isEmpty && unsettled.isEmpty }

    /// The installed view for the shards.
    package var snapshot: OwnershipSnapshot { OwnershipSnapshot(silo: silo, view: installed, history: history) }

    /// Whether a grain is held here though another member owns it, as far as the surveys found.
    package func isForeign(_ grain: ClusterGrain) -> Bool { foreign[grain] != nil }

    /// The number of grains that wait for other members.
    package var parkedCount: Int { parked.count }

    /// The number of held grains that the member does not own.
    package var foreignCount: Int { foreign.count }

    /// The members that the grain waits for, for diagnosis; empty when it does not wait.
    package func waits(for grain: ClusterGrain) -> [Int32] {
        parked[grain] == nil ? [] : candidates(grain)
    }

    func owner(of grain: ClusterGrain) -> Int32? {
        history.owner(of: grain.hash, type: grain.type, at: installed)
    }

    /// Everyone else who may still hold the grain (O3), lowest number first.
    func candidates(_ grain: ClusterGrain) -> [Int32] {
        if settings.weakness.contains(.releasedOrDead) { return lastOwnerOnly(grain) }
        var found: [Int32] = []
        var low = installed
        for (silo, other) in others {
            if other.held.contains(grain.hash) { found.append(silo) }
            low = min(low, other.released)
        }
        history.forEachOwner(of: grain.hash, type: grain.type, from: low, through: installed) { silo, _, last in
            if silo != self.silo, let other = others[silo], last >= other.released, !found.contains(silo) {
                found.append(silo)
            }
            return true
        }
        return found.sorted()
    }

    /// The obvious rule, which is wrong: it looks only at the owner before this one.
    private func lastOwnerOnly(_ grain: ClusterGrain) -> [Int32] {
        var view = installed - 1
        while view > 0 {
            let owner = history.owner(of: grain.hash, type: grain.type, at: view)
            if owner != silo {
                guard let owner, let other = others[owner] else { return [] }
                return other.isLive && (other.released < installed || other.held.contains(grain.hash)) ? [owner] : []
            }
            view -= 1
        }
        return []
    }

    /// Whether some member has announced a view that this one lacks, or released a grain in it: until this one has
    /// installed that view, it activates nothing (O2, O4).
    ///
    /// For releases, too, because of hand-overs. Let X let go of a grain in view a, and hand it over to D. D uses the
    /// states if it owned the grain in every view from a on, so nobody may activate the grain in an older view once X let
    /// it go. But Y may own it in a view y < a that it still has installed, and may have pulled it from X: told `Released`,
    /// it would activate, write and let go, and D would go on from before that write.
    ///
    /// With the rule nobody does. Say that X activated the grain in view s, and let it go in view a; that Y activates it
    /// later, in y < a; and that neither had ended.
    ///
    /// - If s > y: Y owned the grain in y, so X needed Y's word that it had installed a view newer than y. Then Y does not
    ///   activate in y any more.
    /// - If s <= y: X owned the grain in s, so Y needed X's word that it had installed a view r > s, in an announcement or
    ///   in X's lease; and r <= y, or Y would be behind. Take the newest such word. X installed r after it activated the
    ///   grain and before it installed a, so it held the grain when it gave that word. X did not own the grain in r, or Y
    ///   would still have asked about r. So the word was no lease, which is only given when nothing foreign is held, but
    ///   an announcement that named the grain as held, and nothing that X sent before it comes after it (C1). Only the
    ///   release in view a, or X's word for a or a newer view, takes that back; and each leaves Y, which has installed
    ///   y < a, behind.
    ///
    /// Whoever activates the grain after X in a view from a on, up to the one in which D asks, owns it there, so that D
    /// does not use the states. In a still newer one it waits for D's word to have installed it.
    var isBehind: Bool {
        others.values.contains {
            $0.released > installed
                || ($0.releasedIn > installed && !settings.weakness.contains(.trustNewerReleases))
        }
    }

    mutating func updateWatermark() {
        if settings.weakness.contains(.skipWatermark) {
            watermark = installed
        } else if !isSurveying, foreign.isEmpty, unburied.isEmpty {
            watermark = installed
        }
    }
}
