import GranaryCore

/// The answer to a batch of loads: a record for each state that was asked for, in that order.
final class LoadedRows: StateRows {
    private let rows: ResultRows
    /// The row of each state that was asked for; negative where there is none.
    private let places: [Int32]

    /// Takes an answer over.
    ///
    /// - Parameters:
    ///   - rows: What ``LoadStatement`` gave.
    ///   - count: How many states were asked for.
    init(_ rows: ResultRows, count: Int) {
        var places = [Int32](repeating: -1, count: count)
        for row in 0..<rows.count {
            guard let number = rows.int64(row, 0), number >= 1, number <= Int64(count) else { continue }
            places[Int(number) - 1] = Int32(row)
        }
        self.rows = rows
        self.places = places
    }

    func record(_ index: Int) -> StateRecord {
        let row = Int(places[index])
        if row < 0 { return .absent }
        return StateRecord(etag: rows.etag(row, 1), version: rows.int32(row, 2) ?? 0, data: rows.json(row, 3))
    }
}
