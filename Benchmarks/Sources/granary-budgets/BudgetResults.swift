import FoundationEssentials

/// Figures in the form in which the other benchmarks write theirs, for the report that reads all of them.
struct BudgetResults: Encodable {
    struct Entry: Encodable {
        var id: String
        var name: String
        var unit: String
        var rounds: [Double]
        var group = "One operation"
    }

    var benchmark = "budgets"
    var command = "scripts/bench budgets"
    var figures: [Entry]
    var curves: [String] = []
    var histograms: [String] = []

    init(_ figures: [Figure]) {
        self.figures = figures.map { figure in
            let words = figure.name.split { !$0.isLetter && !$0.isNumber }.map { $0.lowercased() }
            let unit = figure.name.split(separator: ": ").last.map(String.init) ?? ""
            return Entry(
                id: "budgets." + words.joined(separator: "-"), name: figure.name, unit: unit, rounds: [figure.value])
        }
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try (encoder.encode(self) + Data("\n".utf8)).write(to: URL(filePath: path))
    }
}
