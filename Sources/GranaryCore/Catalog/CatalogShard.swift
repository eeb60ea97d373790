internal import Synchronization

/// One lock's worth of a grain type's activations.
@usableFromInline
package struct CatalogShard: ~Copyable, Sendable {
    private struct Contents {
        var usage = LookupTable.Usage()
        /// The grains whose initialiser runs right now, which are few.
        var pending: [Making] = []
        /// The view whose ring tells what may be activated here; 0 in a silo that is alone.
        var view: Int64 = 0

        /// An initialiser has run.
        ///
        /// - Returns: Those who wait for it.
        mutating func made(_ hash: UInt32) -> [Rendezvous<MakingEnd>] {
            guard let place = pending.firstIndex(where: { $0.hash == hash }) else { return [] }
            pending.swapAt(place, pending.count - 1)
            return pending.removeLast().waiting
        }
    }

    /// An initialiser that runs, with those who wait for it.
    ///
    /// By the hash alone: two keys of one hash take turns, and the list costs no look-up of types.
    private struct Making {
        var hash: UInt32
        var waiting: [Rendezvous<MakingEnd>] = []
    }

    /// The activations; changed under the lock, read without it.
    @usableFromInline let active: LookupTable
    private let contents = Mutex(Contents())

    init(_ layout: KeyLayout) { active = LookupTable(layout) }

    /// What a caller who found no activation has to do.
    package enum Admission: Sendable {
        /// The activation is there after all.
        case found(any LookupTable.Object)
        /// Another caller makes it, or another grain of that hash; to be asked again once that is over.
        case wait(Rendezvous<MakingEnd>)
        /// This caller makes it, and then calls `publish`.
        case make
        /// The permission was given in another view than the one that counts here: ask for it again.
        case stale
    }

    /// Lets a caller make an activation.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - view: The view in which the silo may activate the grain; 0 in a silo that is alone.
    /// - Returns: What the caller has to do.
    package func admit(_ key: KeyPlace, view: Int64) -> Admission {
        contents.withLock { contents in
            if let grain = active.find(key) { return .found(grain) }
            if view != contents.view { return .stale }
            if let place = contents.pending.firstIndex(where: { $0.hash == key.hash }) {
                let rendezvous = Rendezvous<MakingEnd>()
                contents.pending[place].waiting.append(rendezvous)
                return .wait(rendezvous)
            }
            contents.pending.append(Making(hash: key.hash))
            return .make
        }
    }

    /// Files the activation that this caller was told to make.
    package func publish(_ grain: any LookupTable.Object, for key: KeyPlace) {
        let (waiting, retired) = contents.withLock { contents in
            let retired = active.insert(grain, for: key, &contents.usage)
            return (contents.made(key.hash), retired)
        }
        if let retired { Retirement.retire(retired) }
        for rendezvous in waiting { rendezvous.finish(.made) }
    }

    /// Says that the activation that this caller was told to make could not be made.
    package func fail(_ error: any Error, making grain: GrainID, hash: UInt32) {
        let waiting = contents.withLock { $0.made(hash) }
        for rendezvous in waiting { rendezvous.finish(.failed(error, grain)) }
    }

    package func remove(_ grain: any LookupTable.Object, for key: KeyPlace) -> Bool {
        guard let removed = contents.withLock({ active.remove(grain, for: key, &$0.usage) }) else {
            return false
        }
        Retirement.retire(removed)
        return true
    }

    /// Lets nothing be made any more that was permitted in another view.
    package func install(_ view: Int64) { contents.withLock { $0.view = view } }

    /// Whether an initialiser runs.
    package var isMaking: Bool { contents.withLock { !$0.pending.isEmpty } }

    /// The keys as text.
    package var keys: [String] { contents.withLock { active.keys($0.usage) } }

    package var all: [any LookupTable.Object] { contents.withLock { active.values($0.usage) } }
}

/// How the making of an activation ended.
package enum MakingEnd: Sendable {
    /// It is in the table.
    case made
    /// The initialiser of this grain threw.
    case failed(any Error, GrainID)
}
