internal import GranaryCluster
internal import GranaryCore
internal import Synchronization

/// The calls that this silo sent to others and that are not answered yet, and the order in which its calls to each grain
/// go: that in which they were handed over, also while the grain moves (rule C5 of the cluster protocol).
///
/// A call takes a new route only after every call on the old one was answered; those that were turned away go first.
final class RemoteCalls: Sendable {
    /// What came of trying to send.
    enum Passage: Sendable {
        /// It was handed to the session under this number.
        case sent(SendOutcome, id: UInt64)
        /// It may begin in this silo.
        case here
        /// It has to wait, and to try again then.
        case wait(Rendezvous<Void>)
    }

    /// A call that waits for its answer.
    struct Pending: Sendable {
        var link: ObjectIdentifier
        /// The place of its lane, which stays while the call is under way; `nil` for a call that keeps no order.
        var lane: Int?
        /// Its place in the lane.
        var number: UInt64
        var deadline: UInt32
        /// Where its end is brought; `nil` for a call that nobody answers.
        var wait: RemoteWait?
        /// The turn that calls, if one does.
        var awaited: AwaitedCall?
        /// Whether it was under way at the last tick.
        var isOld = false
    }

    fileprivate struct Contents: Sendable {
        var lanes = GrainTable<CallLane>()
        var calls = CallSlots<Pending>()
        /// The newest route of any lane.
        var route: UInt64 = 0
    }

    private final class Shard: Sendable {
        let contents = Mutex(Contents())
    }

    private static let shardBits: UInt64 = 4
    private let shards: [Shard] = (0..<(1 << shardBits)).map { _ in Shard() }
    private let numbers = Atomic<UInt64>(0)
    private let lease: ServingLease

    init(lease: ServingLease) { self.lease = lease }

    /// The shard of a grain's hash, or of a call's number, whose lowest bits are its shard.
    private func shard(_ number: UInt64) -> Shard { shards[Int(number & (1 << Self.shardBits - 1))] }

    // MARK: Order

    /// Takes the next place of a grain's calls.
    func ticket(for grain: ClusterGrain) -> LaneTicket {
        LaneTicket(grain: grain, number: numbers.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    /// Whether calls to a grain are on their way, or wait.
    func isBusy(_ grain: ClusterGrain) -> Bool {
        shard(grain.hash).contents.withLock { contents in
            contents.lanes.find(grain).map { !contents.lanes[$0].isEmpty } ?? false
        }
    }

    /// Sends a call, if its turn has come.
    ///
    /// - Parameters:
    ///   - ticket: Its place.
    ///   - link: The session with the silo where it goes.
    ///   - deadline: The tick at which it gives up.
    ///   - wait: Where its end is brought; `nil` for a call that nobody answers.
    ///   - awaited: The turn that calls, by the call's number.
    ///   - send: Hands it, with its number and that of its route, to the session: under the lane's lock, so that calls are
    ///     queued in the lane's order. It must not block.
    /// - Returns: What came of it.
    func send(
        _ ticket: LaneTicket, on link: any TransportLink, deadline: UInt32, for wait: RemoteWait?,
        awaited: (_ id: UInt64) -> AwaitedCall?, _ send: (_ id: UInt64, _ route: UInt64) -> SendOutcome
    ) -> Passage {
        let shardNumber = ticket.grain.hash & (1 << Self.shardBits - 1)
        return change(ticket.grain) { contents, lane in
            let silo = link.silo
            if let turn = contents.lanes[lane].hold(ticket.number, for: silo) { return .wait(turn) }
            let route = contents.depart(ticket.number, in: lane, to: silo)
            // The answer may come before this is over, and then waits for the lock.
            let slot = contents.calls.insert { slot in
                Pending(
                    link: ObjectIdentifier(link), lane: lane, number: ticket.number, deadline: deadline, wait: wait,
                    awaited: awaited(slot << Self.shardBits | shardNumber))
            }
            let id = slot << Self.shardBits | shardNumber
            let outcome = send(id, route)
            if outcome == .accepted, wait != nil {
                contents.lanes[lane].sent()
            } else {
                _ = contents.calls.remove(slot)
            }
            // Nothing that was handed over later may pass it by.
            if outcome == .closed { contents.lanes[lane].postpone(ticket.number) }
            return .sent(outcome, id: id)
        }
    }

    /// Sends a call that waits for no other one: those that wait for their turn may wait for this very chain.
    func sendHome(
        _ ticket: LaneTicket, on link: any TransportLink, deadline: UInt32, for wait: RemoteWait?,
        awaited: (_ id: UInt64) -> AwaitedCall?, _ send: (_ id: UInt64, _ route: UInt64) -> SendOutcome
    ) -> Passage {
        let shardNumber = ticket.grain.hash & (1 << Self.shardBits - 1)
        return shard(ticket.grain.hash).contents.withLock { contents in
            let slot = contents.calls.insert { slot in
                Pending(
                    link: ObjectIdentifier(link), lane: nil, number: ticket.number, deadline: deadline, wait: wait,
                    awaited: awaited(slot << Self.shardBits | shardNumber))
            }
            let id = slot << Self.shardBits | shardNumber
            let outcome = send(id, 0)
            if outcome != .accepted || wait == nil { _ = contents.calls.remove(slot) }
            return .sent(outcome, id: id)
        }
    }

    /// The call of a number, if a turn waits for it.
    func awaited(_ id: UInt64) -> AwaitedCall? {
        let call = shard(id).contents.withLock { $0.calls.find(id >> Self.shardBits)?.awaited }
        return call?.isAwaited == true ? call : nil
    }

    /// The calls that turns wait for.
    var awaited: [AwaitedCall] {
        shards.flatMap { shard in shard.contents.withLock { contents in contents.calls.all.compactMap(\.call.awaited) }
        }
    }

    /// Lets a call begin in this silo, if its turn has come; ``started(_:)`` and ``finished(_:)`` have to follow.
    func enter(_ ticket: LaneTicket, at silo: Int32) -> Passage {
        change(ticket.grain) { contents, lane in
            if let wait = contents.lanes[lane].hold(ticket.number, for: silo) { return .wait(wait) }
            _ = contents.depart(ticket.number, in: lane, to: silo)
            contents.lanes[lane].start(ticket.number)
            return .here
        }
    }

    /// A call that began in this silo has reached the grain.
    func started(_ ticket: LaneTicket) { change(ticket.grain) { $0.lanes[$1].started(ticket.number) } }

    /// A call that began here is over.
    func finished(_ ticket: LaneTicket) { change(ticket.grain) { $0.lanes[$1].finished(ticket.number) } }

    /// A call that began here provably did not start.
    func turnedAway(_ ticket: LaneTicket) { change(ticket.grain) { $0.lanes[$1].turnedAway(ticket.number) } }

    /// A call will not be sent any more.
    func giveUp(_ ticket: LaneTicket) { change(ticket.grain) { $0.lanes[$1].giveUp(ticket.number) } }

    /// Changes a grain's lane, and lets the first of those that wait try again.
    private func change<R: Sendable>(_ grain: ClusterGrain, _ body: (inout Contents, Int) -> R) -> R {
        let (result, next) = shard(grain.hash).contents.withLock { contents in
            let lane = contents.lanes.place(of: grain)
            return contents.change(lane, lease) { body(&$0, lane) }
        }
        next?.finish(())
        return result
    }

    // MARK: Ends

    /// Gives a call up; says whether it was still there.
    func giveUp(_ id: UInt64) -> Bool { take(id) { $0.finished($1) } != nil }

    /// Ends a call.
    func finish(_ id: UInt64, _ end: RemoteEnd) {
        // The lane learns first: what follows the call must not pass it by.
        let pending = take(id) { lane, number in
            if end.mayGoAgain { lane.turnedAway(number) } else { lane.finished(number) }
        }
        pending?.wait?.finish(end)
    }

    private func take(_ id: UInt64, _ change: (inout CallLane, UInt64) -> Void) -> Pending? {
        let (pending, next): (Pending?, Rendezvous<Void>?) = shard(id).contents.withLock { contents in
            guard let pending = contents.calls.remove(id >> Self.shardBits) else { return (nil, nil) }
            guard let lane = pending.lane else { return (pending, nil) }
            let next = contents.change(lane, lease) { change(&$0.lanes[lane], pending.number) }.next
            return (pending, next)
        }
        next?.finish(())
        return pending
    }

    /// Ends the waits for calls whose time is over; whoever waited gives the call up.
    ///
    /// Waits that last from one tick to the next become long.
    func expire(now: UInt32) {
        for shard in shards {
            var late: [RemoteWait] = []
            var long: [RemoteWait] = []
            shard.contents.withLock { contents in
                if contents.calls.isEmpty { return }
                contents.calls.changeEach { call in
                    guard let wait = call.wait else { return }
                    if call.deadline <= now {
                        late.append(wait)
                    } else if !call.isOld {
                        call.isOld = true
                        long.append(wait)
                    }
                }
            }
            for wait in late { wait.finish(.expired) }
            for wait in long { wait.becomesLong() }
        }
    }

    /// Whether every call that was sent was answered.
    var isEmpty: Bool { shards.allSatisfy { $0.contents.withLock { $0.calls.isEmpty } } }

    /// Ends all calls: the process stops.
    func close() { end(.lost("this process stopped")) { _ in true } }

    /// Ends all calls of a session.
    func ended(_ link: any TransportLink, _ end: SessionEnd) {
        for id in end.neverStarted { finish(id, .neverStarted) }
        let identifier = ObjectIdentifier(link)
        self.end(.lost(end.reason)) { $0.link == identifier }
    }

    private func end(_ end: RemoteEnd, _ condition: (Pending) -> Bool) {
        for (number, shard) in shards.enumerated() {
            let lost = shard.contents.withLock { contents in
                contents.calls.all.filter { condition($0.call) }.map(\.number)
            }
            for slot in lost { finish(slot << Self.shardBits | UInt64(number), end) }
        }
    }
}

extension RemoteCalls.Contents {
    /// Puts a call on its way; answers the number of its route.
    fileprivate mutating func depart(_ number: UInt64, in lane: Int, to silo: Int32) -> UInt64 {
        let next = route + 1
        let taken = lanes[lane].depart(number, to: silo) { next }
        route = max(route, taken)
        return taken
    }

    /// Changes a lane; hands out the first of those that wait in it, if it may go now.
    @inline(__always)
    fileprivate mutating func change<R: Sendable>(
        _ lane: Int, _ lease: ServingLease, _ body: (inout Self) -> R
    ) -> (result: R, next: Rendezvous<Void>?) {
        let hadWaiting = lanes[lane].hasWaiting
        let result = body(&self)
        let next = lanes[lane].takeNext()
        let hasWaiting = lanes[lane].hasWaiting
        if hasWaiting != hadWaiting { lease.addDetours(hasWaiting ? 1 : -1) }
        return (result, next)
    }
}
