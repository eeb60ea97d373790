internal import DequeModule

/// The entries of an ``IdleQueue``, of whatever type: not generic, so that filing one costs no look-up of types.
///
/// Sendable though the compiler cannot see it: the objects are grains, which are actors; `AnyObject` cannot say so.
struct IdleBuckets: @unchecked Sendable {
    private struct Bucket {
        var tick: UInt32
        var grains: [AnyObject]
    }

    private var buckets = Deque<Bucket>()
    private var count = 0
    /// How many activations ended while their entries are still filed.
    private var gone = 0

    /// The tick of the front entry.
    var oldest: UInt32? { buckets.first?.tick }

    mutating func insert(_ grain: AnyObject, lastUsed: UInt32) {
        count += 1
        if let last = buckets.indices.last, buckets[last].tick == lastUsed {
            buckets[last].grains.append(grain)
            return
        }
        var index = buckets.count
        while index > 0, buckets[index - 1].tick > lastUsed { index -= 1 }
        if index > 0, buckets[index - 1].tick == lastUsed {
            buckets[index - 1].grains.append(grain)
        } else {
            buckets.insert(Bucket(tick: lastUsed, grains: [grain]), at: index)
        }
    }

    mutating func take(_ limit: Int, usedUpTo tick: UInt32) -> [(tick: UInt32, grain: AnyObject)] {
        var taken: [(tick: UInt32, grain: AnyObject)] = []
        while taken.count < limit, let first = buckets.first, first.tick <= tick {
            let grains = buckets[0].grains.suffix(limit - taken.count)
            taken += grains.map { (first.tick, $0) }
            buckets[0].grains.removeLast(grains.count)
            if buckets[0].grains.isEmpty { buckets.removeFirst() }
        }
        count -= taken.count
        return taken
    }

    /// Counts an entry whose activation ended.
    ///
    /// - Returns: Whether it is time to sweep.
    mutating func noteGone() -> Bool {
        gone += 1
        return gone > 1_024 && gone > count / 2
    }

    /// Drops the entries of activations that are gone.
    mutating func sweep(_ isGone: (AnyObject) -> Bool) {
        for index in buckets.indices { buckets[index].grains.removeAll(where: isGone) }
        buckets.removeAll { $0.grains.isEmpty }
        count = buckets.reduce(0) { $0 + $1.grains.count }
        gone = 0
    }
}
