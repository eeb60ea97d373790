import ArgumentParser
import FoundationEssentials

/// Prints the table of targets, and writes the page on performance with its plots.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Compares the results of benchmarks with the targets; writes the page on performance and its plots.")

    @Option(help: "The folder with files of results.") var results = ".build/bench"
    @Option(help: "The folder of performance.md and of the folder with its plots; only the table without it.")
    var docs: String?
    @Option(help: "The text of the page, with places for tables and plots.") var template = "Benchmarks/performance.md"

    func run() throws {
        let found = try ResultSet(folder: results)
        print(Page.targets(found, isMarkdown: false).text)
        let verdicts = Target.all.map { $0.row(in: found).verdict }
        func count(_ verdict: Target.Verdict) -> Int { verdicts.count { $0 == verdict } }
        print(
            "\n\(verdicts.count) targets: \(count(.met)) met, \(count(.short)) short, "
                + "\(count(.missing)) not measured")
        if let machine = found.machine { print(machine.text) }
        guard let docs else { return }
        try write(found, to: docs)
    }

    private func write(_ found: ResultSet, to docs: String) throws {
        let files = FileManager.default
        let folder = "\(docs)/performance"
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var drawn: Set<String> = []
        for plot in Plot.all {
            let path = "\(folder)/\(plot.name).svg"
            if let svg = plot.draw(plot, found) {
                try svg.write(toFile: path, atomically: true, encoding: .utf8)
                drawn.insert(plot.name)
            } else if files.fileExists(atPath: path) {
                try files.removeItem(atPath: path)
            }
        }
        let page = Page(results: found, plots: "performance", drawn: drawn)
        let text = try page.text(of: String(contentsOfFile: template, encoding: .utf8))
        try text.write(toFile: "\(docs)/performance.md", atomically: true, encoding: .utf8)
        print("\(docs)/performance.md and \(drawn.count) plots are written")
    }
}
