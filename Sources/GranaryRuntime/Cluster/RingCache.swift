internal import GranaryCluster
internal import Synchronization

/// The rings of one installed view, each made when a call first needs it.
final class RingCache: Sendable {
    let snapshot: OwnershipSnapshot
    private let key: HashKey
    private let rings = Mutex<[String: (ring: Ring, hasher: GrainHasher)]>([:])

    init(_ snapshot: OwnershipSnapshot, key: HashKey) {
        self.snapshot = snapshot
        self.key = key
    }

    /// The owner of a grain; `nil` when nobody hosts its type.
    func owner(type: String, key: String) -> Int32? {
        let (ring, hasher) = rings.withLock { rings in
            if let found = rings[type] { return found }
            let made = (ring: snapshot.ring(for: type), hasher: GrainHasher(type: type, key: self.key))
            rings[type] = made
            return made
        }
        return ring.owner(of: hasher.hash(key))
    }
}
