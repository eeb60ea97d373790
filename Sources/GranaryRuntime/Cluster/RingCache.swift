internal import GranaryCluster
internal import Synchronization

/// The rings of one installed view, each made when a call first needs it.
final class RingCache: Sendable {
    /// What routes the grains of one type.
    final class TypeRing: Sendable {
        let hasher: GrainHasher
        let ring: Ring

        init(hasher: GrainHasher, ring: Ring) {
            self.hasher = hasher
            self.ring = ring
        }
    }

    let snapshot: OwnershipSnapshot
    private let hashKey: HashKey
    private let rings = Mutex<[String: TypeRing]>([:])

    init(_ snapshot: OwnershipSnapshot, hashKey: HashKey) {
        self.snapshot = snapshot
        self.hashKey = hashKey
    }

    /// The ring of a type.
    func ring(of type: String) -> TypeRing {
        rings.withLock { rings in
            if let found = rings[type] { return found }
            let made = TypeRing(
                hasher: GrainHasher(type: type, key: hashKey), ring: snapshot.ring(for: type))
            rings[type] = made
            return made
        }
    }

    /// The owner of a grain; `nil` when nobody hosts its type.
    func owner(of grain: ClusterGrain) -> Int32? { ring(of: grain.type).ring.owner(of: grain.hash) }
}
