import ArgumentParser
import Granary

/// What the first call of a grain costs, without a database: an activation is made, loaded and opened.
struct ActivationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activations", abstract: "First calls of grains, beside making as many bare actors.")

    @Option(help: "How many rounds.") var rounds = 3
    @Option(help: "How many grains per round.") var grains = 200_000
    @Option(help: "How many callers.") var callers = 100
    @OptionGroup var output: Output

    @concurrent
    mutating func run() async throws {
        let recorder = Recorder("activations")
        try await Self.measure(self, recorder)
        try output.write(recorder)
    }

    @concurrent
    private static func measure(_ command: ActivationsCommand, _ recorder: Recorder) async throws {
        let (callers, each) = (command.callers, command.grains / command.callers)
        try await recorder.compare(
            "First calls of \(Numeral.short(Double(callers * each))) grains, \(callers) callers",
            unit: "ns per first call",
            rounds: command.rounds,
            contestants: [
                .init(id: "activations.bare", name: "a bare actor is made and called") {
                    try await Measure.nanoseconds(callers: callers, operations: each) { _, operations in
                        var actors: [BareCounter] = []
                        for _ in 0..<operations {
                            let actor = BareCounter()
                            _ = await actor.increment()
                            actors.append(actor)
                        }
                    }
                },
                .init(id: "activations.stateless", name: "Granary, a grain without state") {
                    try await firstCalls(callers, each) { silo, key in
                        _ = try await silo.grain(CounterGrain.self, key).increment()
                    }
                },
                .init(id: "activations.stateful", name: "Granary, a grain with a state in memory") {
                    try await firstCalls(callers, each) { silo, key in
                        _ = try await silo.grain(StatefulGrain.self, key).touch()
                    }
                },
            ])
    }

    /// Calls every grain of a fresh silo once.
    private static func firstCalls(
        _ callers: Int, _ each: Int, _ call: @escaping @Sendable (Silo, Int) async throws -> Void
    ) async throws -> Double {
        let silo = Silo(logger: .silent) {
            CounterGrain.self
            StatefulGrain.self
        }
        try await silo.start()
        let result = try await Measure.nanoseconds(callers: callers, operations: each) { caller, operations in
            for index in 0..<operations { try await call(silo, caller * operations + index) }
        }
        try await silo.shutDown()
        return result
    }
}
