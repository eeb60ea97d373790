/// Places by the hashes of grains, which need no further hashing: they are keyed, so nobody can make them meet.
///
/// An open table with linear probing, at most half full; nothing is taken out of it.
struct GrainIndex: Sendable {
    private struct Cell: Sendable {
        var hash: UInt64 = 0
        /// One more than the place; 0 where there is none.
        var place: UInt32 = 0
    }

    private var cells: [Cell]

    /// Makes room.
    ///
    /// - Parameter capacity: The most places that will be filed.
    init(capacity: Int) {
        var count = 1
        while count < capacity * 2 + 2 { count *= 2 }
        cells = Array(repeating: Cell(), count: count)
    }

    /// The lowest bits choose the lock, so that they are the same in one table.
    private func start(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 8) & (cells.count - 1) }

    /// Finds the place that was filed under a hash and satisfies a condition.
    func find(_ hash: UInt64, _ condition: (Int) -> Bool) -> Int? {
        var position = start(hash)
        while cells[position].place != 0 {
            let place = Int(cells[position].place) - 1
            if cells[position].hash == hash, condition(place) { return place }
            position = (position + 1) & (cells.count - 1)
        }
        return nil
    }

    /// Files a place under a hash.
    mutating func insert(_ hash: UInt64, at place: Int) {
        var position = start(hash)
        while cells[position].place != 0 { position = (position + 1) & (cells.count - 1) }
        cells[position] = Cell(hash: hash, place: UInt32(place + 1))
    }
}
