/// One measured quantity: a value for each round, and the figure that is its measure.
struct Figure: Codable, Sendable {
    /// Its name for targets and plots, such as `calls.sync.100`.
    var id: String
    /// What was measured, for people.
    var name: String
    /// What the values count, such as `ns per call`.
    var unit: String
    /// One value for each round.
    var rounds: [Double]
    /// The `id` of the figure that it stands beside, measured in the same rounds.
    var baseline: String?
    /// The title of those it was compared with.
    var group: String?

    /// The middle value.
    var median: Double { Measure.median(rounds) }

    /// How many times another figure it is, round by round.
    func ratios(to other: Figure) -> [Double] { zip(rounds, other.rounds).map { $0 / $1 } }

    /// How many times the baseline it is: the middle of the ratios, round by round.
    func ratio(to baseline: Figure) -> Double { Measure.median(ratios(to: baseline)) }
}
