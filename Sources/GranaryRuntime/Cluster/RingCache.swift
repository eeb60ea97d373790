internal import GranaryCluster
internal import Synchronization

/// The rings of one installed view, each made when a call first needs it.
final class RingCache: Sendable {
    let snapshot: OwnershipSnapshot
    private let rings = Mutex<[String: Ring]>([:])

    init(_ snapshot: OwnershipSnapshot) { self.snapshot = snapshot }

    /// The owner of a grain; `nil` when nobody hosts its type.
    func owner(of grain: ClusterGrain) -> Int32? {
        let ring = rings.withLock { rings in
            if let found = rings[grain.type] { return found }
            let made = snapshot.ring(for: grain.type)
            rings[grain.type] = made
            return made
        }
        return ring.owner(of: grain.hash)
    }
}
