internal import DequeModule
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

    private struct Bucket {
        var tick: UInt32
        var grains: [G]
    }

    private struct State {
        var buckets = Deque<Bucket>()
        var count = 0
        /// How many activations ended while their entries are still filed.
        var gone = 0
    }

    private let state = Mutex(State())

    init() {}

    /// Files an activation under the tick of its last use.
    package func insert(_ grain: G, lastUsed: UInt32) {
        state.withLock { state in
            state.count += 1
            if let last = state.buckets.indices.last, state.buckets[last].tick == lastUsed {
                state.buckets[last].grains.append(grain)
                return
            }
            var index = state.buckets.count
            while index > 0, state.buckets[index - 1].tick > lastUsed { index -= 1 }
            if index > 0, state.buckets[index - 1].tick == lastUsed {
                state.buckets[index - 1].grains.append(grain)
            } else {
                state.buckets.insert(Bucket(tick: lastUsed, grains: [grain]), at: index)
            }
        }
    }

    /// The tick of the front entry.
    package var oldest: UInt32? {
        state.withLock { $0.buckets.first?.tick }
    }

    /// Takes up to a number of entries from the front, none of them used later than a tick.
    package func take(_ limit: Int, usedUpTo tick: UInt32) -> [Entry] {
        state.withLock { state in
            var taken: [Entry] = []
            while taken.count < limit, let first = state.buckets.first, first.tick <= tick {
                let grains = state.buckets[0].grains.suffix(limit - taken.count)
                taken += grains.map { Entry(lastUsed: first.tick, grain: $0) }
                state.buckets[0].grains.removeLast(grains.count)
                if state.buckets[0].grains.isEmpty { state.buckets.removeFirst() }
            }
            state.count -= taken.count
            return taken
        }
    }

    /// Notes that a filed activation ended; once they are the larger part, their entries are dropped.
    package func noteGone() {
        state.withLock { state in
            state.gone += 1
            guard state.gone > 1_024, state.gone > state.count / 2 else { return }
            for index in state.buckets.indices {
                state.buckets[index].grains.removeAll { $0.context.isGone }
            }
            state.buckets.removeAll { $0.grains.isEmpty }
            state.count = state.buckets.reduce(0) { $0 + $1.grains.count }
            state.gone = 0
        }
    }
}
