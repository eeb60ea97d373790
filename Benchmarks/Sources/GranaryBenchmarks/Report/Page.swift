import ArgumentParser
import FoundationEssentials

/// The page on performance: prose that people write, with places for what is measured.
///
/// | Place | What comes there |
/// |---|---|
/// | `{{machine}}` | what the figures were measured on |
/// | `{{targets}}` | the table of targets |
/// | `{{figures NAME}}` | every comparison of a benchmark, each as a table, and how long its operations took |
/// | `{{figures NAME ID}}` | those figures of it whose ids begin so |
/// | `{{columns NAME WORD}}` | its figures whose ids end in a number of what the word says, a column for each number |
/// | `{{plot NAME}}` | a plot |
/// | `{{value ID}}`, `{{ratio ID ID}}` | a figure's median, and how two of them stand to each other |
struct Page {
    let results: ResultSet
    /// The folder of the plots, from the page.
    let plots: String
    /// The plots that there are.
    let drawn: Set<String>

    /// The template with its places filled.
    func text(of template: String) throws -> String {
        var text = ""
        var rest = template[...]
        while let start = rest.firstRange(of: "{{") {
            text += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstRange(of: "}}") else { break }
            text += try content(of: String(rest[start.upperBound..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return text + rest
    }

    private func content(of place: String) throws -> String {
        let words = place.split(separator: " ").map(String.init)
        switch (words.first ?? "", words.count) {
        case ("machine", 1): return results.machine?.text ?? "machine not told"
        case ("targets", 1): return Self.targets(results, isMarkdown: true).markdown
        case ("figures", 2): return figures(words[1], beginning: "")
        case ("figures", 3): return figures(words[1], beginning: words[2])
        case ("columns", 3): return columns(words[1], word: words[2])
        case ("plot", 2): return try plot(words[1])
        case ("value", 2): return results.figure(words[1]).map { Numeral.text($0.median) } ?? "?"
        case ("ratio", 3):
            return Quantity.ratio(words[1], to: words[2]).value(in: results).map { Numeral.text($0.value) } ?? "?"
        default: throw ValidationError("The template has a place for '\(place)', which there is nothing for.")
        }
    }

    /// The table of all targets.
    static func targets(_ results: ResultSet, isMarkdown: Bool) -> Table {
        let mark = isMarkdown ? "`" : ""
        return Table(
            head: ["target", "wanted", "figure", "ratio (least … most of the rounds)", "", "command"],
            rows: Target.all.map { $0.row(in: results) }.map { row in
                let verdict =
                    isMarkdown && row.verdict == .short ? "**\(row.verdict.rawValue)**" : row.verdict.rawValue
                return [row.name, row.wanted, row.figure, row.ratio, verdict, "\(mark)\(row.command)\(mark)"]
            })
    }

    /// The figures of a benchmark, those that were compared with each other in one table.
    private func figures(_ benchmark: String, beginning prefix: String) -> String {
        guard let found = results[benchmark] else { return missing(benchmark) }
        var groups: [(title: String, figures: [Figure])] = []
        for figure in found.figures where figure.id.hasPrefix(prefix) {
            let title = figure.group ?? ""
            if let index = groups.firstIndex(where: { $0.title == title }) {
                groups[index].figures.append(figure)
            } else {
                groups.append((title, [figure]))
            }
        }
        let tables = groups.map { title, figures in
            let unit = figures.allSatisfy { $0.unit == figures[0].unit } ? figures[0].unit : nil
            let hasRatios = figures.contains { $0.baseline != nil }
            return Table(
                head: [title, unit.map { "median, \($0)" } ?? "median"] + (hasRatios ? ["ratio (least … most)"] : []),
                rows: figures.map { figure in
                    let value = Numeral.text(figure.median)
                    return [figure.name, unit == nil ? "\(value) \(figure.unit)" : value]
                        + (hasRatios ? [ratio(of: figure)] : [])
                })
        }
        let times = found.histograms.filter { $0.id.hasPrefix(prefix) }
        return (tables + (times.isEmpty ? [] : [Self.times(times)])).map(\.markdown).joined(separator: "\n\n")
            + command(benchmark)
    }

    private static func times(_ histograms: [Histogram]) -> Table {
        func milliseconds(_ time: Double) -> String { Numeral.text(time / 1e6) }
        return Table(
            head: ["time of a call, in ms", "calls", "half of them", "99 %", "99.9 %", "all"],
            rows: histograms.map { histogram in
                [histogram.name, Numeral.text(Double(histogram.count))]
                    + [0.5, 0.99, 0.999].map { milliseconds(histogram.percentile($0)) }
                    + [milliseconds(histogram.longest)]
            })
    }

    private func ratio(of figure: Figure) -> String {
        guard let id = figure.baseline, let base = results.figure(id) else { return "" }
        let ratios = figure.ratios(to: base)
        guard let least = ratios.min(), let most = ratios.max() else { return "" }
        let spread = ratios.count > 1 ? " (\(Numeral.text(least)) … \(Numeral.text(most)))" : ""
        return "\(Numeral.text(Measure.median(ratios))) ×\(spread)"
    }

    /// One row for whatever was measured in the unit of the first figure, one column for each number that an id ends in;
    /// and what it is beside its baseline.
    private func columns(_ benchmark: String, word: String) -> String {
        guard let found = results[benchmark] else { return missing(benchmark) }
        var rows: [(id: Substring, figures: [Int: Figure])] = []
        let unit = found.figures.first?.unit ?? ""
        for figure in found.figures where figure.unit == unit {
            let parts = figure.id.split(separator: ".")
            guard parts.count == 3, let number = Int(parts[2]) else { continue }
            if let index = rows.firstIndex(where: { $0.id == parts[1] }) {
                rows[index].figures[number] = figure
            } else {
                rows.append((parts[1], [number: figure]))
            }
        }
        // What only a plot is for has no full set of rows.
        let numbers = Set(rows.flatMap(\.figures.keys)).sorted()
            .filter { number in rows.allSatisfy { $0.figures[number] != nil } }
        guard let first = numbers.first else { return missing(benchmark) }
        let table = Table(
            head: [unit] + numbers.map { "\(Numeral.short(Double($0))) \(word)\($0 == 1 ? "" : "s")" },
            rows: rows.map { _, figures in
                [figures[first]?.name ?? ""] + numbers.map { figures[$0].map(cell) ?? "" }
            })
        return table.markdown + command(benchmark)
    }

    private func cell(_ figure: Figure) -> String {
        let base = figure.baseline.flatMap(results.figure)
        return Numeral.text(figure.median) + (base.map { " (\(Numeral.text(figure.ratio(to: $0))) ×)" } ?? "")
    }

    private func plot(_ name: String) throws -> String {
        guard let plot = Plot.all.first(where: { $0.name == name }) else {
            throw ValidationError("The template has a place for the plot '\(name)', which there is not.")
        }
        guard drawn.contains(name) else { return missing(plot.benchmark) }
        return "![\(plot.title)](\(plots)/\(name).svg)" + command(plot.benchmark)
    }

    /// What gives the figures above it.
    private func command(_ benchmark: String) -> String { "\n\n`\(results.command(benchmark))`" }

    private func missing(_ benchmark: String) -> String { "Not measured yet: `scripts/bench \(benchmark)`." }
}
