import ArgumentParser
import Granary

/// Resident memory per idle activation.
struct MemoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory", abstract: "Resident memory per idle activation.")

    @Option(help: "How many activations.") var activations = 200_000

    @concurrent
    mutating func run() async throws {
        try await Self.measure(activations)
    }

    @concurrent
    static func measure(_ number: Int) async throws {
        let silo = Silo(logger: .silent) {
            CounterGrain.self
            StatefulGrain.self
        }
        try await silo.start()
        for key in 0..<1_000 { _ = try await silo.grain(StatefulGrain.self, key).touch() }
        for key in 0..<1_000 { _ = try await silo.grain(CounterGrain.self, key).increment() }
        try await report("without state", number) {
            _ = try await silo.grain(CounterGrain.self, 1_000 + $0).increment()
        }
        try await report("with one small state", number) {
            _ = try await silo.grain(StatefulGrain.self, 1_000 + $0).touch()
        }
        try await silo.shutDown()
    }

    private static func report(
        _ name: String, _ number: Int, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let before = ResidentMemory.bytes
        let clock = ContinuousClock()
        let began = clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask { for key in stride(from: worker, to: number, by: 8) { try await body(key) } }
            }
            try await group.waitForAll()
        }
        let elapsed = clock.now - began
        let bytes = Double(ResidentMemory.bytes - before) / Double(number)
        print(
            "  \(Measure.pad("idle activation " + name, 44)) \(Int(bytes)) bytes resident; "
                + "\(Int(Double(number) / (elapsed.inNanoseconds / 1e9))) cold activations/s")
    }
}
