internal import GranaryCluster
internal import GranaryCore
internal import Synchronization

/// The calls from other silos that are not answered yet, in the order of their arrival at each grain.
///
/// Calls to a grain that is not active here stand in a line until it is, so that the first one does not come in last.
final class Arrivals: Sendable {
    /// What a call has to do.
    enum Place {
        /// Its grain is active here.
        case now
        /// It is the first of a line, which has to be served.
        case opensLine
        /// It stands in a line, or behind a quick call to the same grain.
        case inLine
        /// It is quick, and the first of those that have its grain to themselves.
        case quick
    }

    private struct Route: Hashable {
        var link: ObjectIdentifier
        var grain: ClusterGrain
    }

    /// Who waits until the calls that came before a number are answered.
    fileprivate struct Watcher {
        var before: UInt64
        /// How many of them are not.
        var left: Int
        var rendezvous: Rendezvous<Void>
    }

    fileprivate struct Entry: GrainTableEntry {
        /// How many calls are not answered, those in line included.
        var unanswered = 0
        var line: [Arrival]?
        /// Whether a quick call is about to begin, or runs: calls that come meanwhile go after it.
        var isQuick = false
        /// Those calls, in the order in which they came.
        var followers: [Arrival] = []
        var watchers: [Watcher] = []

        var isEmpty: Bool { unanswered == 0 && line == nil && !isQuick && watchers.isEmpty }
    }

    private struct State {
        var grains = GrainTable<Entry>()
        /// The newest route of a caller's silo to a grain on which a call was turned away.
        var turnedAway: [Route: (number: UInt64, tick: UInt32)] = [:]
        var number: UInt64 = 0
        /// The calls that are not answered, each in a slot of its own.
        ///
        /// An answered one stays in its slot until the next one comes: so the thread that makes these objects frees them,
        /// too. Where another one does, both meet at the locks of the C library's allocator.
        var calls: [Arrival?] = []
        var freeSlots: [Int] = []
        /// How many of the free slots, the first ones, hold nothing.
        var emptied = 0
        /// How many calls had come when that was looked at last.
        var seen: UInt64 = 0

        /// Lets go of calls that are answered.
        mutating func emptyFreeSlots() {
            for slot in freeSlots[emptied...] { calls[slot] = nil }
            emptied = freeSlots.count
        }
    }

    /// How many turned-away routes a shard keeps before it forgets those that no call can still be on its way by.
    private static let crowd = 1_024
    /// How long a call may be on its way: a minute, in ticks.
    private static let longestWay: UInt32 = 6_000

    private final class Shard: Sendable {
        let state = Mutex(State())
    }

    private static let shardCount: UInt64 = 16
    private let shards: [Shard] = (0..<shardCount).map { _ in Shard() }
    private let unansweredCount = Atomic<Int>(0)

    /// Whether every call that came was answered.
    var isEmpty: Bool { unansweredCount.load(ordering: .acquiring) == 0 }

    private func shard(_ grain: ClusterGrain) -> Shard { shards[Int(grain.hash % Self.shardCount)] }

    /// Takes a call in.
    ///
    /// - Parameters:
    ///   - arrival: The call.
    ///   - isHeld: Whether its grain is active here.
    /// - Returns: What it has to do; `nil` when a call before it, on the same route, was turned away, and so is this one.
    func arrive(_ arrival: Arrival, isHeld: Bool) -> Place? {
        shard(arrival.grain).state.withLock { state in
            if arrival.head.route > 0, !state.turnedAway.isEmpty {
                let route = Route(link: ObjectIdentifier(arrival.link), grain: arrival.grain)
                if let last = state.turnedAway[route]?.number {
                    if arrival.head.route <= last { return nil }
                    state.turnedAway[route] = nil
                }
            }
            state.number += 1
            let place = state.grains.place(of: arrival.grain)
            arrival.number = state.number
            arrival.place = place
            unansweredCount.wrappingAdd(1, ordering: .relaxed)
            if let slot = state.freeSlots.popLast() {
                state.emptied = min(state.emptied, state.freeSlots.count)
                arrival.slot = slot
                state.calls[slot] = arrival
            } else {
                arrival.slot = state.calls.count
                state.calls.append(arrival)
            }
            state.grains[place].unanswered += 1
            if state.grains[place].line != nil {
                state.grains[place].line?.append(arrival)
                return .inLine
            }
            if isHeld {
                // A call that a turn made waits for nobody: what is before it may wait for that very turn.
                guard arrival.head.chain.isEmpty else { return .now }
                if state.grains[place].isQuick {
                    state.grains[place].followers.append(arrival)
                    return .inLine
                }
                guard arrival.isQuick, state.grains[place].unanswered == 1 else { return .now }
                state.grains[place].isQuick = true
                return .quick
            }
            state.grains[place].line = [arrival]
            return .opensLine
        }
    }

    /// The calls in line, which is over when there are none.
    func takeLine(_ grain: ClusterGrain) -> [Arrival] {
        shard(grain).state.withLock { state in
            guard let place = state.grains.find(grain), let line = state.grains[place].line else { return [] }
            state.grains[place].line = line.isEmpty ? nil : []
            return line
        }
    }

    /// The call that goes after a quick one, which has begun; `nil` when there is none, and the next one need not wait.
    func follower(of arrival: Arrival) -> Arrival? {
        shard(arrival.grain).state.withLock { state in
            // Its place stays: an entry with a quick call is not empty.
            guard !state.grains[arrival.place].followers.isEmpty else {
                state.grains[arrival.place].isQuick = false
                return nil
            }
            return state.grains[arrival.place].followers.removeFirst()
        }
    }

    /// A call was turned away: so will be those that follow on its route.
    ///
    /// - Parameters:
    ///   - arrival: The call.
    ///   - tick: The silo's coarse clock.
    func turnAway(_ arrival: Arrival, at tick: UInt32) {
        guard arrival.head.route > 0 else { return }
        shard(arrival.grain).state.withLock { state in
            let route = Route(link: ObjectIdentifier(arrival.link), grain: arrival.grain)
            let number = max(state.turnedAway[route]?.number ?? 0, arrival.head.route)
            state.turnedAway[route] = (number, tick)
            guard state.turnedAway.count > Self.crowd else { return }
            state.turnedAway = state.turnedAway.filter { $0.value.tick &+ Self.longestWay > tick }
        }
    }

    /// The caller's silo waits for a call no longer.
    ///
    /// Calls are looked for, since few are given up, and each would have to be filed for that: first in the shard that a
    /// silo's own numbers tell.
    func abandon(_ key: Arrival.Key) {
        let likely = Int(key.call % Self.shardCount)
        for offset in shards.indices {
            let found = shards[(likely + offset) % shards.count].state.withLock { state in
                state.calls.first { $0?.key == key } ?? nil
            }
            if let found { return found.abandon() }
        }
    }

    /// A call is over.
    ///
    /// - Parameters:
    ///   - arrival: The call.
    ///   - answer: Sends the answer, if somebody waits for it: before anybody learns that the grain may be free for its
    ///     next owner.
    func finish(_ arrival: Arrival, _ answer: () -> Void) {
        if arrival.answer() { answer() }
        let met = shard(arrival.grain).state.withLock { state in
            state.freeSlots.append(arrival.slot)
            state.grains[arrival.place].unanswered -= 1
            if state.grains[arrival.place].watchers.isEmpty { return [Rendezvous<Void>]() }
            return state.grains[arrival.place].passed(arrival.number)
        }
        unansweredCount.wrappingSubtract(1, ordering: .releasing)
        for rendezvous in met { rendezvous.finish(()) }
    }

    /// Lets go of answered calls where none has come since the last time.
    func tidy() {
        for shard in shards {
            shard.state.withLock { state in
                if state.seen == state.number { state.emptyFreeSlots() }
                state.seen = state.number
            }
        }
    }

    /// Whether calls to a grain are not answered yet.
    func hasUnanswered(_ grain: ClusterGrain) -> Bool {
        shard(grain).state.withLock { state in
            state.grains.find(grain).map { state.grains[$0].unanswered > 0 } ?? false
        }
    }

    /// Waits until every call to a grain that arrived before now is answered.
    func answered(_ grain: ClusterGrain) async { await answered(grain, before: nil) }

    /// Waits until every call to a grain that arrived before the first one in its line is answered.
    func answered(before first: Arrival) async { await answered(first.grain, before: first.number) }

    private func answered(_ grain: ClusterGrain, before number: UInt64?) async {
        let rendezvous: Rendezvous<Void>? = shard(grain).state.withLock { state in
            guard let place = state.grains.find(grain) else { return nil }
            let before = number ?? state.number + 1
            // Whatever came after the first one in line stands in line, too.
            let later = number == nil ? 0 : state.grains[place].line?.count ?? 0
            let left = state.grains[place].unanswered - later
            guard left > 0 else { return nil }
            let rendezvous = Rendezvous<Void>()
            state.grains[place].watchers.append(Watcher(before: before, left: left, rendezvous: rendezvous))
            return rendezvous
        }
        await rendezvous?.value()
    }

    /// Forgets what was turned away on a session that is over, and gives its calls up.
    func forget(_ link: any TransportLink) {
        let identifier = ObjectIdentifier(link)
        for shard in shards {
            let orphans = shard.state.withLock { state in
                if !state.turnedAway.isEmpty {
                    state.turnedAway = state.turnedAway.filter { $0.key.link != identifier }
                }
                state.emptyFreeSlots()
                return state.calls.compactMap { $0?.key.link == identifier ? $0 : nil }
            }
            for orphan in orphans { orphan.abandon() }
        }
    }
}

extension Arrivals.Entry {
    /// A call was answered; who waited for it last.
    fileprivate mutating func passed(_ number: UInt64) -> [Rendezvous<Void>] {
        for index in watchers.indices where number < watchers[index].before { watchers[index].left -= 1 }
        let met = watchers.filter { $0.left == 0 }.map(\.rendezvous)
        watchers.removeAll { $0.left == 0 }
        return met
    }
}
