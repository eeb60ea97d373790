/// How long operations took: counts in buckets whose limits grow by an eighth, from a microsecond on.
struct Histogram: Codable, Sendable {
    /// Its name for targets and plots, such as `disturbance.kill`.
    var id: String
    /// What took so long, for people.
    var name: String
    /// How many operations each bucket holds; bucket `n` ends at ``limit(of:)`` nanoseconds.
    var counts: [Int] = []
    /// The longest, in nanoseconds.
    var longest: Double = 0

    init(id: String, name: String) {
        self.id = id
        self.name = name
    }

    private static let buckets = 200

    /// The upper end of a bucket in nanoseconds.
    static func limit(of bucket: Int) -> Double {
        var limit = 1_000.0
        for _ in 0..<bucket { limit *= 1.125 }
        return limit
    }

    private static let limits = (0..<buckets).map(limit(of:))

    /// How many operations it holds.
    var count: Int { counts.reduce(0, +) }

    /// Adds an operation that took so many nanoseconds.
    mutating func add(_ nanoseconds: Double) {
        var (low, high) = (0, Self.buckets - 1)
        while low < high {
            let middle = (low + high) / 2
            if Self.limits[middle] < nanoseconds { low = middle + 1 } else { high = middle }
        }
        if counts.count <= low { counts += [Int](repeating: 0, count: low + 1 - counts.count) }
        counts[low] += 1
        longest = max(longest, nanoseconds)
    }

    /// Adds all that another one holds.
    mutating func add(_ other: Histogram) {
        if counts.count < other.counts.count {
            counts += [Int](repeating: 0, count: other.counts.count - counts.count)
        }
        for (bucket, number) in other.counts.enumerated() { counts[bucket] += number }
        longest = max(longest, other.longest)
    }

    /// How long so great a part took at most, in nanoseconds, to an eighth; 0.99 is the 99th percentile.
    func percentile(_ part: Double) -> Double {
        let wanted = Int((Double(count) * part).rounded(.up))
        var seen = 0
        for (bucket, number) in counts.enumerated() {
            seen += number
            if number > 0, seen >= wanted { return min(Self.limits[bucket], longest) }
        }
        return longest
    }
}
