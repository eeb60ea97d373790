internal import GranaryCluster
internal import GranaryCore
internal import Synchronization

/// Keeps this silo's calls to each grain in the order in which they were handed over, also while the grain moves (rule C5 of
/// the cluster protocol).
///
/// A call takes a new route only after every call on the old one was answered; those that were turned away go first.
final class CallLanes: Sendable {
    /// What came of trying to send.
    enum Passage {
        /// It was handed to the session.
        case sent(SendOutcome)
        /// It may begin in this silo.
        case here
        /// It has to wait, and to try again then.
        case wait(Rendezvous<Void>)
    }

    private final class Shard: Sendable {
        let lanes = Mutex<[ClusterGrain: CallLane]>([:])
    }

    private static let shardCount: UInt64 = 16
    private let shards: [Shard] = (0..<shardCount).map { _ in Shard() }
    private let numbers = Atomic<UInt64>(0)
    private let routes = Atomic<UInt64>(0)
    private let lease: ServingLease

    init(lease: ServingLease) { self.lease = lease }

    /// Takes the next place of a grain's calls.
    func ticket(for grain: ClusterGrain) -> LaneTicket {
        LaneTicket(grain: grain, number: numbers.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    /// Whether calls to a grain are on their way, or wait.
    func isBusy(_ grain: ClusterGrain) -> Bool { shard(grain).lanes.withLock { $0[grain] != nil } }

    /// Sends a call, if its turn has come.
    ///
    /// - Parameters:
    ///   - ticket: Its place.
    ///   - silo: Where it goes.
    ///   - isAnswered: Whether an answer will come.
    ///   - send: Hands it, with the number of its route, to the session: under the lane's lock, so that calls are queued in
    ///     the lane's order. It must not block.
    /// - Returns: What came of it.
    func send(
        _ ticket: LaneTicket, to silo: Int32, isAnswered: Bool, _ send: (UInt64) -> SendOutcome
    ) -> Passage {
        change(ticket.grain) { lane in
            if let rendezvous = lane.hold(ticket.number, for: silo) { return .wait(rendezvous) }
            let route = lane.depart(ticket.number, to: silo) { routes.wrappingAdd(1, ordering: .relaxed).newValue }
            let outcome = send(route)
            if outcome == .accepted, isAnswered { lane.sent() }
            // Nothing that was handed over later may pass it by.
            if outcome == .closed { lane.postpone(ticket.number) }
            return .sent(outcome)
        }
    }

    /// Lets a call begin in this silo, if its turn has come; ``started(_:)`` and ``finished(_:)`` have to follow.
    func enter(_ ticket: LaneTicket, at silo: Int32) -> Passage {
        change(ticket.grain) { lane in
            if let rendezvous = lane.hold(ticket.number, for: silo) { return .wait(rendezvous) }
            _ = lane.depart(ticket.number, to: silo) { routes.wrappingAdd(1, ordering: .relaxed).newValue }
            lane.start(ticket.number)
            return .here
        }
    }

    /// A call that began in this silo has reached the grain.
    func started(_ ticket: LaneTicket) { change(ticket.grain) { $0.started(ticket.number) } }

    /// A call that was sent, or began here, is over.
    func finished(_ ticket: LaneTicket) { change(ticket.grain) { $0.finished(ticket.number) } }

    /// A call that was sent, or began here, provably did not start.
    func turnedAway(_ ticket: LaneTicket) { change(ticket.grain) { $0.turnedAway(ticket.number) } }

    /// A call will not be sent any more.
    func giveUp(_ ticket: LaneTicket) { change(ticket.grain) { $0.giveUp(ticket.number) } }

    private func shard(_ grain: ClusterGrain) -> Shard { shards[Int(grain.hash % Self.shardCount)] }

    /// Changes a lane, and lets the first of those that wait try again.
    private func change<R>(_ grain: ClusterGrain, _ body: (inout CallLane) -> R) -> R {
        let (result, next) = shard(grain).lanes.withLock { lanes in
            var lane = lanes[grain] ?? CallLane()
            let hadWaiting = lane.hasWaiting
            let result = body(&lane)
            let next = lane.takeNext()
            if lane.hasWaiting != hadWaiting { lease.addDetours(lane.hasWaiting ? 1 : -1) }
            lanes[grain] = lane.isEmpty ? nil : lane
            return (result, next)
        }
        next?.finish(())
        return result
    }
}
