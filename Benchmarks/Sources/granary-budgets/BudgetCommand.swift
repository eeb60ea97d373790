import ArgumentParser
import CCounters
import FoundationEssentials

@main
struct BudgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "granary-budgets",
        abstract: "Counts what operations allocate, write and ask of the database, and compares it with a file.",
        discussion: "Figures do not depend on how busy the machine is. Ends with 1 when one exceeds its budget.")

    @Option(help: "A database of its own; its schema is made.") var postgres: String
    @Option(help: "The file with the budgets.") var budgets = "Benchmarks/budgets.json"
    @Flag(help: "Writes what was measured as the new limits; tolerances stay.") var write = false
    @Option(help: "A file for the figures, as JSON, in the form of the other benchmarks.") var json: String?

    @concurrent
    mutating func run() async throws {
        let command = self
        try await Self.check(command)
    }

    @concurrent
    private static func check(_ command: BudgetCommand) async throws {
        guard counters_work() else {
            print("Allocations cannot be counted on this platform: nothing was compared.")
            return
        }
        let figures =
            try await LocalFigures.measure() + RemoteFigures.measure() + StorageFigures.measure(command.postgres)
        if let json = command.json { try BudgetResults(figures).write(to: json) }
        let path = command.budgets
        let budgets = try JSONDecoder().decode([Budget].self, from: Data(contentsOf: URL(filePath: path)))
        let byName = Dictionary(budgets.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        if command.write {
            let fresh = figures.map { figure in
                Budget(
                    name: figure.name, limit: round(figure.value),
                    tolerance: byName[figure.name]?.tolerance ?? round(max(0.1, figure.value / 10)))
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try (encoder.encode(fresh) + Data("\n".utf8)).write(to: URL(filePath: path))
        }
        var failures = 0
        for figure in figures {
            let budget = byName[figure.name]
            let verdict: String
            if let budget {
                verdict = figure.value <= budget.limit + budget.tolerance ? "within" : "EXCEEDED"
            } else {
                verdict = "NO BUDGET"
            }
            if verdict != "within" { failures += 1 }
            let limit = budget.map { "\(round($0.limit)) + \(round($0.tolerance))" } ?? "-"
            print("\(pad(figure.name, 62))\(pad("\(round(figure.value))", 12))\(pad(limit, 16))\(verdict)")
        }
        for budget in budgets where !figures.contains(where: { $0.name == budget.name }) {
            print("\(pad(budget.name, 62))\(pad("-", 12))\(pad("\(budget.limit)", 16))NOT MEASURED")
            failures += 1
        }
        if failures > 0, !command.write {
            print("\n\(failures) of \(figures.count) figures are not within their budgets (\(path)).")
            throw ExitCode(1)
        }
        print("\n\(figures.count) figures measured.")
    }

    private static func round(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 1))
    }
}
