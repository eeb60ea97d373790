import ArgumentParser
import Granary

/// Many distinct grains under a cap: memory stays flat.
struct CapacityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capacity", abstract: "Touches many distinct grains under a cap on activations.")

    @Option(help: "How many distinct grains.") var grains = 1_000_000
    @Option(help: "The cap on activations.") var limit = 100_000
    @OptionGroup var output: Output

    @concurrent
    mutating func run() async throws {
        let recorder = Recorder("capacity")
        try await Self.measure(grains, limit, recorder)
        try output.write(recorder)
    }

    @concurrent
    private static func measure(_ grains: Int, _ limit: Int, _ recorder: Recorder) async throws {
        var configuration = SiloConfiguration()
        configuration.activationLimit = limit
        let silo = Silo(configuration: configuration, logger: .silent) { StatefulGrain.self }
        try await silo.start()
        let title = "\(Numeral.short(Double(grains))) distinct grains under a cap of \(Numeral.short(Double(limit)))"
        print("\n\(title)")
        var curve = Curve(plot: "capacity.memory", name: "resident memory", points: [])
        let step = grains / 10
        for part in 0..<10 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        for key in stride(from: part * step + worker, to: (part + 1) * step, by: 8) {
                            _ = try await silo.grain(StatefulGrain.self, key).touch()
                        }
                    }
                }
                try await group.waitForAll()
            }
            let touched = (part + 1) * step
            let resident = Double(ResidentMemory.bytes) / 1_048_576
            print("  \(touched) touched: \(silo.activationCount) in memory, \(Int(resident)) MiB resident")
            curve.points.append(.init(x: Double(touched), y: resident))
            // The first tenth fills the cap; what comes after must not cost memory.
            if part == 0 || part == 9 {
                recorder.add(
                    Figure(
                        id: part == 0 ? "capacity.first" : "capacity.last",
                        name: "resident when \(Numeral.short(Double(touched))) grains were touched", unit: "MiB",
                        rounds: [resident],
                        group: title))
            }
        }
        recorder.add(curve)
        try await silo.shutDown()
    }
}
