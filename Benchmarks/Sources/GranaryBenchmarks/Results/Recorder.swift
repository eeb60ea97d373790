import FoundationEssentials
import Synchronization

/// Prints what a benchmark finds while it runs, and keeps it for the file.
final class Recorder: Sendable {
    private let results: Mutex<Results>

    init(_ benchmark: String) {
        // What follows the name of the benchmark, without where files go and which server is used: `scripts/bench` says so.
        var words: [String] = []
        var rest = CommandLine.arguments.dropFirst(2)
        while let word = rest.popFirst() {
            if word == "--json" || word == "--postgres" { _ = rest.popFirst() } else { words.append(word) }
        }
        results = Mutex(
            Results(
                benchmark: benchmark, command: (["scripts/bench", benchmark] + words).joined(separator: " ")))
    }

    /// Runs every contestant in every round, and prints and keeps the median of each beside the first one's.
    ///
    /// - Parameters:
    ///   - title: What is compared.
    ///   - unit: What the contestants return, such as nanoseconds per call.
    ///   - rounds: How often each contestant runs.
    ///   - contestants: Who takes part; the first one is the measure of the others.
    /// - Returns: The figures of the contestants, in their order.
    /// - Throws: What a contestant throws.
    @discardableResult
    func compare(
        _ title: String, unit: String, rounds: Int, contestants: [Measure.Contestant]
    ) async throws -> [Figure] {
        var figures = contestants.map { contestant in
            Figure(
                id: contestant.id, name: contestant.name, unit: unit, rounds: [],
                baseline: contestant.id == contestants[0].id ? nil : contestants[0].id)
        }
        for _ in 0..<rounds {
            for (index, contestant) in contestants.enumerated() {
                figures[index].rounds.append(try await contestant.run())
            }
        }
        print("\n\(title) (\(unit), median of \(rounds) rounds; minimum; ratio to the first, round by round)")
        for figure in figures {
            print(
                "  \(Measure.pad(figure.name, 44)) \(Measure.pad(Measure.format(figure.median), 12)) "
                    + "\(Measure.pad(Measure.format(figure.rounds.min() ?? 0), 12)) "
                    + "\(Measure.format(figure.ratio(to: figures[0]))) x")
        }
        results.withLock { $0.figures += figures }
        return figures
    }

    /// Keeps a figure that was measured otherwise, and prints it.
    func add(_ figure: Figure) {
        print("  \(Measure.pad(figure.name, 44)) \(Measure.format(figure.median)) \(figure.unit)")
        results.withLock { $0.figures.append(figure) }
    }

    /// Keeps a line of a plot.
    func add(_ curve: Curve) { results.withLock { $0.curves.append(curve) } }

    /// Keeps how long operations took, and prints the middle, the 99th percentile and the longest.
    func add(_ histogram: Histogram) {
        let times = [histogram.percentile(0.5), histogram.percentile(0.99), histogram.longest]
            .map { "\(Measure.format($0 / 1e6)) ms" }
        print(
            "  \(Measure.pad(histogram.name, 44)) \(histogram.count) operations: \(times[0]) in the middle, p99 \(times[1]), "
                + "the longest \(times[2])")
        results.withLock { $0.histograms.append(histogram) }
    }

    /// Writes all of it as JSON, if a file is wanted.
    func write(to path: String?) throws {
        guard let path else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try (encoder.encode(results.withLock { $0 }) + Data("\n".utf8)).write(to: URL(filePath: path))
    }
}
