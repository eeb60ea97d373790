internal import GranaryCore
internal import Synchronization

/// The calls that this silo sent to others and that are not answered yet.
final class RemoteCalls: Sendable {
    private struct Pending {
        var link: ObjectIdentifier
        var rendezvous: Rendezvous<RemoteEnd>
    }

    private static let shardCount: UInt64 = 16
    private let shards: [Shard] = (0..<shardCount).map { _ in Shard() }
    private let next = Atomic<UInt64>(0)

    private final class Shard: Sendable {
        let calls = Mutex<[UInt64: Pending]>([:])
    }

    /// A number that no other call of this process has.
    func nextID() -> UInt64 { next.wrappingAdd(1, ordering: .relaxed).newValue }

    private func shard(_ id: UInt64) -> Shard { shards[Int(id % Self.shardCount)] }

    /// Files a call before it is sent.
    func add(_ id: UInt64, on link: any TransportLink, _ rendezvous: Rendezvous<RemoteEnd>) {
        shard(id).calls.withLock { $0[id] = Pending(link: ObjectIdentifier(link), rendezvous: rendezvous) }
    }

    /// Forgets a call; says whether it was still there.
    @discardableResult
    func remove(_ id: UInt64) -> Bool { shard(id).calls.withLock { $0.removeValue(forKey: id) != nil } }

    /// Ends a call.
    func finish(_ id: UInt64, _ end: RemoteEnd) {
        shard(id).calls.withLock { $0.removeValue(forKey: id) }?.rendezvous.finish(end)
    }

    /// Ends all calls: the silo stops.
    func close() {
        for shard in shards {
            let lost = shard.calls.withLock { calls in
                defer { calls = [:] }
                return calls.values.map(\.rendezvous)
            }
            for rendezvous in lost { rendezvous.finish(.lost("this silo stopped")) }
        }
    }

    /// Ends all calls of a session.
    func ended(_ link: any TransportLink, _ end: SessionEnd) {
        for id in end.neverStarted { finish(id, .neverStarted) }
        for shard in shards {
            let lost = shard.calls.withLock { calls in
                let lost = calls.filter { $0.value.link == ObjectIdentifier(link) }
                for id in lost.keys { calls[id] = nil }
                return lost.values.map(\.rendezvous)
            }
            for rendezvous in lost { rendezvous.finish(.lost(end.reason)) }
        }
    }
}
