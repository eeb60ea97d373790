/// What a target is about: a figure, or how two of them stand to each other.
enum Quantity: Sendable {
    /// How many times the second figure the first one is.
    case ratio(String, to: String)
    /// The least of several ratios.
    case least([Pair])
    /// A figure.
    case figure(String, unit: String)
    /// How many a second, of a figure in nanoseconds each.
    case rate(String)

    /// Two figures whose ratio matters.
    struct Pair: Sendable {
        var figure: String
        var base: String
    }

    /// What a quantity was.
    struct Value {
        var value: Double
        /// What was measured, for people, such as `15.2 ns per call beside 9.1`.
        var text: String
        /// The least and the greatest value of all rounds.
        var spread: ClosedRange<Double>
        /// Whether the value itself stands beside a baseline.
        var isRatio = false
    }

    /// The quantity in a set of results; nothing if it was not measured.
    func value(in results: ResultSet) -> Value? {
        switch self {
        case .ratio(let figure, let base): return Self.value(Pair(figure: figure, base: base), results)
        case .least(let pairs):
            let values = pairs.compactMap { pair in Self.value(pair, results) }
            return values.min { $0.value < $1.value }
        case .figure(let id, let unit):
            return Self.value(results.figure(id)?.rounds, unit)
        case .rate(let id):
            return Self.value(results.figure(id)?.rounds.map { 1e9 / $0 }, "per second")
        }
    }

    private static func value(_ pair: Pair, _ results: ResultSet) -> Value? {
        guard let figure = results.figure(pair.figure), let base = results.figure(pair.base) else { return nil }
        let ratios = figure.ratios(to: base)
        guard let least = ratios.min(), let most = ratios.max() else { return nil }
        let unit = figure.unit == base.unit ? figure.unit : "\(figure.unit), \(base.unit)"
        return Value(
            value: Measure.median(ratios),
            text: "\(Numeral.text(figure.median)) : \(Numeral.text(base.median)) \(unit)", spread: least...most,
            isRatio: true)
    }

    private static func value(_ rounds: [Double]?, _ unit: String) -> Value? {
        guard let rounds, let least = rounds.min(), let most = rounds.max() else { return nil }
        let median = Measure.median(rounds)
        return Value(value: median, text: "\(Numeral.text(median)) \(unit)", spread: least...most)
    }
}
