internal import GranaryCore
internal import Synchronization

/// The calls that this silo sent to others and that are not answered yet.
final class RemoteCalls: Sendable {
    private struct Pending {
        var link: ObjectIdentifier
        var ticket: LaneTicket
        var rendezvous: Rendezvous<RemoteEnd>
    }

    private static let shardCount: UInt64 = 16
    private let shards: [Shard] = (0..<shardCount).map { _ in Shard() }
    private let next = Atomic<UInt64>(0)
    private let lanes: CallLanes

    private final class Shard: Sendable {
        let calls = Mutex<[UInt64: Pending]>([:])
    }

    init(lanes: CallLanes) { self.lanes = lanes }

    /// A number that no other call of this process has.
    func nextID() -> UInt64 { next.wrappingAdd(1, ordering: .relaxed).newValue }

    private func shard(_ id: UInt64) -> Shard { shards[Int(id % Self.shardCount)] }

    /// Files a call before it is sent.
    func add(
        _ id: UInt64, on link: any TransportLink, _ ticket: LaneTicket, _ rendezvous: Rendezvous<RemoteEnd>
    ) {
        shard(id).calls.withLock {
            $0[id] = Pending(link: ObjectIdentifier(link), ticket: ticket, rendezvous: rendezvous)
        }
    }

    /// Forgets a call that was not sent after all.
    func forget(_ id: UInt64) { _ = shard(id).calls.withLock { $0.removeValue(forKey: id) } }

    /// Gives a call up; says whether it was still there.
    func giveUp(_ id: UInt64) -> Bool {
        guard let pending = shard(id).calls.withLock({ $0.removeValue(forKey: id) }) else { return false }
        lanes.finished(pending.ticket)
        return true
    }

    /// Ends a call.
    func finish(_ id: UInt64, _ end: RemoteEnd) {
        guard let pending = shard(id).calls.withLock({ $0.removeValue(forKey: id) }) else { return }
        finish(pending, end)
    }

    /// The lane learns first: what follows the call must not pass it by.
    private func finish(_ pending: Pending, _ end: RemoteEnd) {
        if end.mayGoAgain { lanes.turnedAway(pending.ticket) } else { lanes.finished(pending.ticket) }
        pending.rendezvous.finish(end)
    }

    /// Whether every call that was sent was answered.
    var isEmpty: Bool { shards.allSatisfy { $0.calls.withLock(\.isEmpty) } }

    /// Ends all calls: the process stops.
    func close() {
        for shard in shards {
            let lost = shard.calls.withLock { calls in
                defer { calls = [:] }
                return Array(calls.values)
            }
            for pending in lost { finish(pending, .lost("this process stopped")) }
        }
    }

    /// Ends all calls of a session.
    func ended(_ link: any TransportLink, _ end: SessionEnd) {
        for id in end.neverStarted { finish(id, .neverStarted) }
        for shard in shards {
            let lost = shard.calls.withLock { calls in
                let lost = calls.filter { $0.value.link == ObjectIdentifier(link) }
                for id in lost.keys { calls[id] = nil }
                return Array(lost.values)
            }
            for pending in lost { finish(pending, .lost(end.reason)) }
        }
    }
}
