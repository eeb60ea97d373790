internal import Synchronization

/// The activations of one type in the order in which they may fall idle: buckets by tick, not a timer each.
///
/// An entry's tick is a lower bound: the activation was last used then or later. Whoever takes the front entry asks the
/// activation itself and files it again if it was used since, so the order is that of least recent use, to a tick.
package final class IdleQueue<G: Grain>: Sendable {
    package struct Entry: Sendable {
        package var lastUsed: UInt32
        package var grain: G
    }

    private let state = Mutex(IdleBuckets())

    init() {}

    /// Files an activation under the tick of its last use.
    package func insert(_ grain: G, lastUsed: UInt32) {
        state.withLock { $0.insert(grain, lastUsed: lastUsed) }
    }

    /// The tick of the front entry.
    package var oldest: UInt32? { state.withLock(\.oldest) }

    /// Takes up to a number of entries from the front, none of them used later than a tick.
    package func take(_ limit: Int, usedUpTo tick: UInt32) -> [Entry] {
        state.withLock { state in
            state.take(limit, usedUpTo: tick).map { entry in
                // Only `insert` files entries, and only of this type.
                Entry(lastUsed: entry.tick, grain: unsafeDowncast(entry.grain, to: G.self))
            }
        }
    }

    /// Notes that a filed activation ended; once they are the larger part, their entries are dropped.
    package func noteGone() {
        state.withLock { state in
            guard state.noteGone() else { return }
            state.sweep { unsafeDowncast($0, to: G.self).context.isGone }
        }
    }
}
