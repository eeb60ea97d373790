/// Rounds of several contestants in turn, so that a machine that slows down slows all of them.
struct Measure {
    struct Contestant {
        /// What it is called in files, such as `calls.sync.100`.
        var id: String
        var name: String
        var run: @Sendable () async throws -> Double
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    static func format(_ value: Double) -> String {
        let scaled = (value * 100).rounded() / 100
        return scaled >= 1_000 ? String(Int(value)) : String(scaled)
    }

    static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 0))
    }

    /// Nanoseconds per operation of so many tasks that run a body so often each.
    static func nanoseconds(
        callers: Int, operations: Int, _ body: @escaping @Sendable (Int, Int) async throws -> Void
    ) async throws -> Double {
        let clock = ContinuousClock()
        let began = clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<callers {
                group.addTask { try await body(caller, operations) }
            }
            try await group.waitForAll()
        }
        return (clock.now - began).inNanoseconds / Double(callers * operations)
    }
}

extension Duration {
    var inNanoseconds: Double {
        Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9
    }
}
