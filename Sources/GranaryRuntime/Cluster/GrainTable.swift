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

    private var places: [ClusterGrain: Int] = [:]
    private var entries: [Entry] = []
    private var free: [Int] = []
    /// At how many grains those that have nothing under way are forgotten.
    private var limit = fewest

    /// How many grains are kept.
    var count: Int { places.count }

    /// The place of a grain, if it has one.
    func find(_ grain: ClusterGrain) -> Int? { places[grain] }

    /// The place of a grain, made if it has none; good until a place is made while its entry is empty.
    mutating func place(of grain: ClusterGrain) -> Int {
        if let found = places[grain] { return found }
        if places.count >= limit { forget() }
        let place: Int
        if let last = free.popLast() {
            place = last
        } else {
            place = entries.count
            entries.append(Entry())
        }
        places[grain] = place
        return place
    }

    subscript(place: Int) -> Entry {
        _read { yield entries[place] }
        _modify { yield &entries[place] }
    }

    private mutating func forget() {
        for (grain, place) in places where entries[place].isEmpty {
            places[grain] = nil
            entries[place] = Entry()
            free.append(place)
        }
        limit = max(Self.fewest, places.count * 2)
    }
}
