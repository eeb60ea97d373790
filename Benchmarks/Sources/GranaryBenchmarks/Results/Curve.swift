/// A figure over a quantity, as a plot shows it.
struct Curve: Codable, Sendable {
    struct Point: Codable, Sendable {
        var x: Double
        var y: Double
    }

    /// The plot that it belongs to, such as `remote.throughput`.
    var plot: String
    /// What the line shows, for people.
    var name: String
    /// From left to right.
    var points: [Point]
}
