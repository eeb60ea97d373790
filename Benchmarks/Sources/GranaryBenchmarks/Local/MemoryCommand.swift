import ArgumentParser
import Granary

/// Resident memory per idle activation.
struct MemoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory", abstract: "Resident memory per idle activation.")

    @Option(help: "How many activations.") var activations = 200_000
    @OptionGroup var output: Output

    @concurrent
    mutating func run() async throws {
        let recorder = Recorder("memory")
        try await Self.measure(activations, recorder)
        try output.write(recorder)
    }

    @concurrent
    private static func measure(_ number: Int, _ recorder: Recorder) async throws {
        let silo = Silo(logger: .silent) {
            CounterGrain.self
            StatefulGrain.self
        }
        try await silo.start()
        for key in 0..<1_000 { _ = try await silo.grain(StatefulGrain.self, key).touch() }
        for key in 0..<1_000 { _ = try await silo.grain(CounterGrain.self, key).increment() }
        let title = "Resident memory of \(Numeral.short(Double(number))) idle activations"
        print("\n\(title)")
        try await report("memory.stateless", "idle activation without state", number, title, recorder) {
            _ = try await silo.grain(CounterGrain.self, 1_000 + $0).increment()
        }
        try await report("memory.stateful", "idle activation with one small state", number, title, recorder) {
            _ = try await silo.grain(StatefulGrain.self, 1_000 + $0).touch()
        }
        try await silo.shutDown()
    }

    private static func report(
        _ id: String, _ name: String, _ number: Int, _ title: String, _ recorder: Recorder,
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let before = ResidentMemory.bytes
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask { for key in stride(from: worker, to: number, by: 8) { try await body(key) } }
            }
            try await group.waitForAll()
        }
        let bytes = Double(ResidentMemory.bytes - before) / Double(number)
        recorder.add(
            Figure(id: id, name: name, unit: "bytes resident", rounds: [bytes], group: title))
    }
}
