import ArgumentParser
import Granary

/// Many distinct grains under a cap: memory stays flat.
struct CapacityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capacity", abstract: "Touches many distinct grains under a cap on activations.")

    @Option(help: "How many distinct grains.") var grains = 1_000_000
    @Option(help: "The cap on activations.") var limit = 100_000

    @concurrent
    mutating func run() async throws {
        try await Self.measure(grains, limit)
    }

    @concurrent
    static func measure(_ grains: Int, _ limit: Int) async throws {
        var configuration = SiloConfiguration()
        configuration.activationLimit = limit
        let silo = Silo(configuration: configuration, logger: .silent) { StatefulGrain.self }
        try await silo.start()
        print("\n\(grains) distinct grains under a cap of \(limit)")
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
            print(
                "  \((part + 1) * step) touched: \(silo.activationCount) in memory, "
                    + "\(ResidentMemory.bytes / 1_048_576) MiB resident")
        }
        try await silo.shutDown()
    }
}
