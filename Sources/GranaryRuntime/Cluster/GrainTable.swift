internal import GranaryCluster

/// What is kept of a grain while calls to it are under way.
protocol GrainTableEntry: Sendable {
    init()

    /// Whether there is nothing to remember.
    var isEmpty: Bool { get }
}

/// What a lock's worth of grains have under way, each at a place of its own for as long as there is something to remember.
///
/// Grains that have nothing under way any more are forgotten many at a time: the next call is likely to come, and to look
/// for the grain costs less than to forget it and to file it again.
struct GrainTable<Entry: GrainTableEntry>: Sendable {
    private static var fewest: Int { 256 }

    private var index = GrainIndex(capacity: fewest)
    private var grains: [ClusterGrain?] = []
    private var entries: [Entry] = []
    private var free: [Int] = []
    /// At how many grains those that have nothing under way are forgotten.
    private var limit = fewest

    /// How many grains are kept.
    private(set) var count = 0

    /// The place of a grain, if it has one.
    func find(_ grain: ClusterGrain) -> Int? { index.find(grain.hash) { grains[$0] == grain } }

    /// The place of a grain, made if it has none; good until a place is made while its entry is empty.
    mutating func place(of grain: ClusterGrain) -> Int {
        if let found = find(grain) { return found }
        if count >= limit { forget() }
        let place: Int
        if let last = free.popLast() {
            place = last
        } else {
            place = entries.count
            entries.append(Entry())
            grains.append(nil)
        }
        grains[place] = grain
        index.insert(grain.hash, at: place)
        count += 1
        return place
    }

    subscript(place: Int) -> Entry {
        _read { yield entries[place] }
        _modify { yield &entries[place] }
    }

    private mutating func forget() {
        for place in entries.indices where grains[place] != nil && entries[place].isEmpty {
            grains[place] = nil
            entries[place] = Entry()
            free.append(place)
            count -= 1
        }
        limit = max(Self.fewest, count * 2)
        index = GrainIndex(capacity: limit)
        for (place, grain) in grains.enumerated() {
            if let grain { index.insert(grain.hash, at: place) }
        }
    }
}
