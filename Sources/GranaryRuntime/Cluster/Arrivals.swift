internal import GranaryCluster
internal import GranaryCore
internal import Synchronization

/// The calls from other silos that are not answered yet, in the order of their arrival at each grain.
///
/// Calls to a grain that is not active here stand in a line until it is, so that the first one does not come in last.
final class Arrivals: Sendable {
    /// One call.
    struct Arrival: Sendable {
        let call: ReceivedCall
        let link: any TransportLink
        let grain: ClusterGrain
        /// Ascends with the order of arrival.
        let number: UInt64

        /// What the caller's silo knows it by.
        var key: Key { Key(link: ObjectIdentifier(link), call: call.head.id) }
    }

    /// A call as its sender names it.
    struct Key: Hashable, Sendable {
        var link: ObjectIdentifier
        var call: UInt64
    }

    /// What a call has to do.
    enum Place {
        /// Its grain is active here.
        case now
        /// It is the first of a line, which has to be served.
        case opensLine
        /// It stands in a line.
        case inLine
        /// A call before it, on the same route, was turned away, and so is this one.
        case turnedAway
    }

    private struct Route: Hashable {
        var link: ObjectIdentifier
        var grain: ClusterGrain
    }

    private struct Entry {
        var unanswered: [UInt64] = []
        var line: [Arrival]?
        var watchers: [(before: UInt64, rendezvous: Rendezvous<Void>)] = []

        var isEmpty: Bool { unanswered.isEmpty && line == nil && watchers.isEmpty }
    }

    private struct State {
        var grains: [ClusterGrain: Entry] = [:]
        /// The newest route of a caller's silo to a grain on which a call was turned away.
        var turnedAway: [Route: (number: UInt64, tick: UInt32)] = [:]
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
    private let numbers = Atomic<UInt64>(0)
    private let unansweredCount = Atomic<Int>(0)

    /// Whether every call that came was answered.
    var isEmpty: Bool { unansweredCount.load(ordering: .acquiring) == 0 }

    private func shard(_ grain: ClusterGrain) -> Shard { shards[Int(grain.hash % Self.shardCount)] }

    /// Takes a call in.
    func arrive(
        _ call: ReceivedCall, on link: any TransportLink, at grain: ClusterGrain, isHeld: Bool
    ) -> (arrival: Arrival, place: Place) {
        shard(grain).state.withLock { state in
            let number = numbers.wrappingAdd(1, ordering: .relaxed).newValue
            let arrival = Arrival(call: call, link: link, grain: grain, number: number)
            if call.head.route > 0, !state.turnedAway.isEmpty {
                let route = Route(link: ObjectIdentifier(link), grain: grain)
                if let last = state.turnedAway[route]?.number {
                    if call.head.route <= last { return (arrival, .turnedAway) }
                    state.turnedAway[route] = nil
                }
            }
            var entry = state.grains[grain] ?? Entry()
            entry.unanswered.append(number)
            unansweredCount.wrappingAdd(1, ordering: .relaxed)
            let place: Place
            if entry.line != nil {
                entry.line?.append(arrival)
                place = .inLine
            } else if isHeld {
                place = .now
            } else {
                entry.line = [arrival]
                place = .opensLine
            }
            state.grains[grain] = entry
            return (arrival, place)
        }
    }

    /// The calls in line, which is over when there are none.
    func takeLine(_ grain: ClusterGrain) -> [Arrival] {
        shard(grain).state.withLock { state in
            guard let line = state.grains[grain]?.line else { return [] }
            state.grains[grain]?.line = line.isEmpty ? nil : []
            if state.grains[grain]?.isEmpty == true { state.grains[grain] = nil }
            return line
        }
    }

    /// A call was turned away: so will be those that follow on its route.
    ///
    /// - Parameters:
    ///   - arrival: The call.
    ///   - tick: The silo's coarse clock.
    func turnAway(_ arrival: Arrival, at tick: UInt32) {
        guard arrival.call.head.route > 0 else { return }
        shard(arrival.grain).state.withLock { state in
            let route = Route(link: ObjectIdentifier(arrival.link), grain: arrival.grain)
            let number = max(state.turnedAway[route]?.number ?? 0, arrival.call.head.route)
            state.turnedAway[route] = (number, tick)
            guard state.turnedAway.count > Self.crowd else { return }
            state.turnedAway = state.turnedAway.filter { $0.value.tick &+ Self.longestWay > tick }
        }
    }

    /// A call was answered, or nobody waits for its answer.
    func finish(_ arrival: Arrival) {
        let met = shard(arrival.grain).state.withLock { state in
            guard var entry = state.grains[arrival.grain] else { return [Rendezvous<Void>]() }
            entry.unanswered.removeAll { $0 == arrival.number }
            unansweredCount.wrappingSubtract(1, ordering: .releasing)
            let first = entry.unanswered.first ?? .max
            let met = entry.watchers.filter { $0.before <= first }.map(\.rendezvous)
            entry.watchers.removeAll { $0.before <= first }
            state.grains[arrival.grain] = entry.isEmpty ? nil : entry
            return met
        }
        for rendezvous in met { rendezvous.finish(()) }
    }

    /// Whether calls to a grain are not answered yet.
    func hasUnanswered(_ grain: ClusterGrain) -> Bool {
        shard(grain).state.withLock { $0.grains[grain].map { !$0.unanswered.isEmpty } ?? false }
    }

    /// Waits until every call to a grain that arrived before a number, or before now, is answered.
    func answered(_ grain: ClusterGrain, before number: UInt64? = nil) async {
        let rendezvous: Rendezvous<Void>? = shard(grain).state.withLock { state in
            let number = number ?? numbers.load(ordering: .relaxed) + 1
            guard let first = state.grains[grain]?.unanswered.first, first < number else { return nil }
            let rendezvous = Rendezvous<Void>()
            state.grains[grain]?.watchers.append((number, rendezvous))
            return rendezvous
        }
        await rendezvous?.value()
    }

    /// Forgets what was turned away on a session that is over.
    func forget(_ link: any TransportLink) {
        let identifier = ObjectIdentifier(link)
        for shard in shards {
            shard.state.withLock { state in
                if !state.turnedAway.isEmpty {
                    state.turnedAway = state.turnedAway.filter { $0.key.link != identifier }
                }
            }
        }
    }
}
