import CCounters

/// What so many operations cost, as the counters saw it.
enum Count {
    /// Runs an operation often, and says what one of them cost.
    ///
    /// - Parameters:
    ///   - times: How often.
    ///   - operation: The operation; it gets its number.
    /// - Returns: The counters' growth for one operation.
    static func perOperation(
        _ times: Int, _ operation: (Int) async throws -> Void
    ) async rethrows -> (allocations: Double, bytes: Double, writes: Double, written: Double, statements: Double) {
        let before = counters_read()
        for number in 0..<times { try await operation(number) }
        let after = counters_read()
        func each(_ field: KeyPath<counters_t, Int64>) -> Double {
            Double(after[keyPath: field] - before[keyPath: field]) / Double(times)
        }
        return (each(\.allocations), each(\.bytes), each(\.writes), each(\.written), each(\.statements))
    }
}
