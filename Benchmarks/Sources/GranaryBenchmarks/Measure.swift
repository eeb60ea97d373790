import Granary

/// Rounds of several contestants in turn, so that a machine that slows down slows all of them.
struct Measure {
    struct Contestant {
        /// What it is called in files, such as `calls.sync.100`.
        var id = ""
        var name: String
        var run: @Sendable () async throws -> Double
    }

    /// Runs every contestant in every round and prints the median of each beside the first one's.
    ///
    /// - Parameters:
    ///   - title: What is compared.
    ///   - unit: What `run` returns, such as nanoseconds per call.
    ///   - rounds: How often each contestant runs.
    ///   - contestants: Who takes part; the first one is the measure of the others.
    /// - Throws: What a contestant throws.
    static func compare(
        _ title: String, unit: String, rounds: Int, contestants: [Contestant]
    ) async throws {
        var figures = [[Double]](repeating: [], count: contestants.count)
        for _ in 0..<rounds {
            for (index, contestant) in contestants.enumerated() {
                figures[index].append(try await contestant.run())
            }
        }
        print("\n\(title) (\(unit), median of \(rounds) rounds; minimum; ratio to the first, round by round)")
        let base = figures[0]
        for (contestant, values) in zip(contestants, figures) {
            let ratios = zip(values, base).map { $0 / $1 }
            print(
                "  \(pad(contestant.name, 44)) \(pad(format(median(values)), 12)) \(pad(format(values.min() ?? 0), 12)) "
                    + "\(format(median(ratios))) x")
        }
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
