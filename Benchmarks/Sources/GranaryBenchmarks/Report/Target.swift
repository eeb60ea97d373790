/// Something that Granary shall be able to do, and what shows whether it can.
struct Target: Sendable {
    enum Bound: Sendable {
        case atMost(Double)
        case atLeast(Double)
    }

    /// What it is about, for people.
    var name: String
    var bound: Bound
    var quantity: Quantity
    /// The benchmark that measures it.
    var benchmark: String

    init(_ name: String, _ bound: Bound, _ quantity: Quantity, by benchmark: String) {
        self.name = name
        self.bound = bound
        self.quantity = quantity
        self.benchmark = benchmark
    }

    /// One line of the table.
    struct Row {
        var name: String
        var wanted: String
        var figure: String
        var ratio: String
        var verdict: Verdict
        var command: String
    }

    enum Verdict: String {
        case met
        case short
        case missing = "not measured"
    }

    /// What a set of results says about it.
    func row(in results: ResultSet) -> Row {
        let command = results.command(benchmark)
        guard let value = quantity.value(in: results) else {
            return Row(name: name, wanted: wanted, figure: "–", ratio: "–", verdict: .missing, command: command)
        }
        // Of what is no ratio yet, how much of the target it is.
        let scale = value.isRatio ? 1 : limit
        var ratio = "\(Numeral.text(value.value / scale)) ×"
        if value.spread.lowerBound < value.spread.upperBound {
            let ends = [value.spread.lowerBound, value.spread.upperBound].map { Numeral.text($0 / scale) }
            ratio += " (\(ends[0]) … \(ends[1]))"
        }
        return Row(
            name: name, wanted: wanted, figure: value.text, ratio: ratio + (value.isRatio ? "" : " of it"),
            verdict: isMet(by: value.value) ? .met : .short, command: command)
    }

    private var limit: Double {
        switch bound {
        case .atMost(let limit), .atLeast(let limit): limit
        }
    }

    private func isMet(by value: Double) -> Bool {
        switch bound {
        case .atMost(let limit): value <= limit
        case .atLeast(let limit): value >= limit
        }
    }

    private var wanted: String {
        let sign =
            switch bound {
            case .atMost: "≤"
            case .atLeast: "≥"
            }
        let unit: String
        switch quantity {
        case .ratio, .least: unit = "×"
        case .figure(_, let name): unit = name
        case .rate: unit = "per second"
        }
        return "\(sign) \(Numeral.short(limit)) \(unit)"
    }
}
