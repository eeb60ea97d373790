internal import GranaryCore

/// The calls of this silo to one grain that are on their way to it, or that wait to be.
struct CallLane: GrainTableEntry {
    private struct Waiting {
        var number: UInt64
        /// Met when it is worth to try again; `nil` while the call is about to try by itself.
        var rendezvous: Rendezvous<Void>?
        /// Whether it waits for all calls on the old route to be answered.
        var needsNewRoute = false
    }

    /// Where the calls on their way went.
    private var target: Int32?
    /// The number of that route; grows with each new one.
    private(set) var route: UInt64 = 0
    /// How many calls are sent and not answered.
    private var outstanding = 0
    /// Whether one of them was turned away: what is sent behind it would start before it.
    private var isTurnedAway = false
    /// The call that is about to start in this silo, which nobody may overtake.
    private var starting: UInt64?
    /// Calls that may not be sent yet, the lowest number first.
    private var waiting: [Waiting] = []

    var isEmpty: Bool { outstanding == 0 && waiting.isEmpty }

    /// Whether calls wait, or one is on its way to the gate here: others must not pass them by.
    var hasWaiting: Bool { !waiting.isEmpty || starting != nil }

    /// Says whether a call may go to a silo now.
    ///
    /// - Returns: Where it has to wait; `nil` when it may go.
    mutating func hold(_ number: UInt64, for silo: Int32) -> Rendezvous<Void>? {
        let isOvertaking = waiting.first.map { $0.number < number } ?? false
        let isNewRoute = target != silo || isTurnedAway
        guard isOvertaking || starting != nil || isNewRoute && outstanding > 0 else { return nil }
        let rendezvous = Rendezvous<Void>()
        insert(Waiting(number: number, rendezvous: rendezvous, needsNewRoute: isNewRoute))
        return rendezvous
    }

    /// Puts a call that ``hold(_:for:)`` let go on its way; answers the number of its route.
    mutating func depart(_ number: UInt64, to silo: Int32, newRoute: () -> UInt64) -> UInt64 {
        waiting.removeAll { $0.number == number }
        if target != silo || isTurnedAway || route == 0 {
            target = silo
            route = newRoute()
            isTurnedAway = false
        }
        return route
    }

    /// A call was sent and will be answered.
    mutating func sent() { outstanding += 1 }

    /// A call begins in this silo; the next one waits for it to reach the grain.
    mutating func start(_ number: UInt64) {
        outstanding += 1
        starting = number
    }

    /// A call reached the grain.
    mutating func started(_ number: UInt64) {
        if starting == number { starting = nil }
    }

    /// A call that was sent, or began, is over.
    mutating func finished(_ number: UInt64) {
        outstanding -= 1
        started(number)
    }

    /// A call that was sent provably did not start: it goes first on the next route.
    mutating func turnedAway(_ number: UInt64) {
        finished(number)
        isTurnedAway = true
        postpone(number)
    }

    /// A call could not be sent, and will try again.
    mutating func postpone(_ number: UInt64) { insert(Waiting(number: number, rendezvous: nil)) }

    /// A call will not be sent any more.
    mutating func giveUp(_ number: UInt64) { waiting.removeAll { $0.number == number } }

    /// The first of those that wait, if it may go now; to be met outside of any lock.
    mutating func takeNext() -> Rendezvous<Void>? {
        guard let first = waiting.first, starting == nil,
            outstanding == 0 || !first.needsNewRoute && !isTurnedAway
        else { return nil }
        return waiting[0].rendezvous.take()
    }

    private mutating func insert(_ entry: Waiting) {
        waiting.removeAll { $0.number == entry.number }
        let index = waiting.firstIndex { $0.number > entry.number } ?? waiting.count
        waiting.insert(entry, at: index)
    }
}
