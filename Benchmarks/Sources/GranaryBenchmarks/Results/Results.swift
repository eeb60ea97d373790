/// What a benchmark found, as it is written to a file for those who draw and compare.
///
/// `BenchmarkCommand` and `scripts/bench` tell users what the file looks like: keep them the same.
struct Results: Codable, Sendable {
    /// The benchmark's name, such as `calls`.
    var benchmark: String
    /// What was typed to get it, such as `scripts/bench calls --rounds 7`.
    var command: String
    /// Single figures and their rounds.
    var figures: [Figure] = []
    /// Figures over a quantity, such as calls per second over callers.
    var curves: [Curve] = []
    /// How long operations took.
    var histograms: [Histogram] = []
}
