public import Synchronization

/// One lock's worth of a grain type's activations.
@usableFromInline
package final class CatalogShard<G: Grain>: Sendable {
    @usableFromInline
    struct Contents {
        @usableFromInline var active: [TableKey<G.Key>: G] = [:]
        /// Grains whose initialiser runs right now, with those who wait for it.
        var pending: [TableKey<G.Key>: [Rendezvous<Result<G, any Error>>]] = [:]
    }

    @usableFromInline let contents = Mutex(Contents())

    init() {}

    @inlinable
    func find(_ key: TableKey<G.Key>) -> G? {
        contents.withLock { $0.active[key] }
    }

    /// What a caller who found no activation has to do.
    package enum Admission: Sendable {
        /// The activation is there after all.
        case found(G)
        /// Another caller makes it.
        case wait(Rendezvous<Result<G, any Error>>)
        /// This caller makes it, and then calls `publish`.
        case make
    }

    package func admit(_ key: TableKey<G.Key>) -> Admission {
        contents.withLock { contents in
            if let grain = contents.active[key] { return .found(grain) }
            if contents.pending[key] != nil {
                let rendezvous = Rendezvous<Result<G, any Error>>()
                contents.pending[key]?.append(rendezvous)
                return .wait(rendezvous)
            }
            contents.pending[key] = []
            return .make
        }
    }

    package func publish(_ result: Result<G, any Error>, for key: TableKey<G.Key>) {
        let waiting = contents.withLock { contents in
            if case .success(let grain) = result { contents.active[key] = grain }
            return contents.pending.removeValue(forKey: key) ?? []
        }
        for rendezvous in waiting { rendezvous.finish(result) }
    }

    package func remove(_ grain: G, for key: TableKey<G.Key>) -> Bool {
        contents.withLock { contents in
            guard contents.active[key] === grain else { return false }
            contents.active[key] = nil
            return true
        }
    }

    package var all: [G] { contents.withLock { Array($0.active.values) } }
}
