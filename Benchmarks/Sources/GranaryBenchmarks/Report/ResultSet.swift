import ArgumentParser
import FoundationEssentials

/// What the benchmarks of a folder found; those that did not run are missing.
struct ResultSet {
    var results: [Results] = []
    var machine: Machine?

    init() {}

    /// Reads all files of a folder that end in `.json`.
    init(folder: String) throws {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw ValidationError("There are no results in \(folder): scripts/bench NAME puts them there.")
        }
        let decoder = JSONDecoder()
        for name in names.sorted() where name.hasSuffix(".json") {
            let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
            do {
                if name == Machine.file {
                    machine = try decoder.decode(Machine.self, from: data)
                } else {
                    results.append(try decoder.decode(Results.self, from: data))
                }
            } catch {
                throw ValidationError("\(folder)/\(name) is no file of results: \(error)")
            }
        }
    }

    func figure(_ id: String) -> Figure? { results.lazy.flatMap(\.figures).first { $0.id == id } }

    func histogram(_ id: String) -> Histogram? { results.lazy.flatMap(\.histograms).first { $0.id == id } }

    func curves(_ plot: String) -> [Curve] { results.flatMap(\.curves).filter { $0.plot == plot } }

    /// The results of one benchmark.
    subscript(benchmark: String) -> Results? { results.first { $0.benchmark == benchmark } }

    /// What was typed to get a benchmark's results, or what would have to be.
    func command(_ benchmark: String) -> String { self[benchmark]?.command ?? "scripts/bench \(benchmark)" }
}
