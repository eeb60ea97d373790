import ArgumentParser
import Granary

/// A warm local call beside a bare actor's.
struct CallsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls", abstract: "Warm local calls beside calls of a bare actor.")

    @Option(help: "How many rounds.") var rounds = 7
    @Option(help: "How many calls a round.") var calls = 1_000_000
    @Option(parsing: .upToNextOption, help: "How many callers call at the same time.") var callers = [1, 100]

    @concurrent
    mutating func run() async throws {
        try await Self.measure(rounds: rounds, calls: calls, callers: callers)
    }

    @concurrent
    static func measure(rounds: Int, calls: Int, callers counts: [Int] = [1, 100]) async throws {
        let silo = Silo(logger: .silent) {
            CounterGrain.self
            NamedCounterGrain.self
        }
        try await silo.start()
        let size = 1_000
        let actors = (0..<size).map { _ in BareCounter() }
        let references = (0..<size).map { silo.grain(CounterGrain.self, $0) }
        let named = (0..<size).map { silo.grain(NamedCounterGrain.self, "customer-\($0)") }
        for reference in references { _ = try await reference.increment() }
        for reference in named { _ = try await reference.increment() }

        for callers in counts {
            let each = calls / callers
            @Sendable func perCall(
                _ body: @escaping @Sendable (Int) async throws -> Void
            ) -> @Sendable () async throws -> Double {
                {
                    try await Measure.nanoseconds(callers: callers, operations: each) { caller, operations in
                        var index = caller &* 37
                        for _ in 0..<operations {
                            try await body(index % size)
                            index &+= 1
                        }
                    }
                }
            }
            try await Measure.compare(
                "Local calls over 1,000 grains, \(callers) caller(s)", unit: "ns per call", rounds: rounds,
                contestants: [
                    .init(name: "bare actor", run: perCall { _ = await actors[$0].increment() }),
                    .init(
                        name: "synchronous method, reference held",
                        run: perCall { _ = try await references[$0].increment() }),
                    .init(
                        name: "synchronous @ReadOnly method", run: perCall { _ = try await references[$0].current() }),
                    .init(name: "synchronous method, text key", run: perCall { _ = try await named[$0].increment() }),
                    .init(
                        name: "synchronous method, reference made for it",
                        run: perCall { _ = try await silo.grain(CounterGrain.self, $0).increment() }),
                ])
            try await Measure.compare(
                "Asynchronous methods, \(callers) caller(s)", unit: "ns per call", rounds: rounds,
                contestants: [
                    .init(name: "bare actor", run: perCall { _ = await actors[$0].incrementLater() }),
                    .init(
                        name: "asynchronous method, reference held",
                        run: perCall { _ = try await references[$0].incrementLater() }),
                    .init(
                        name: "asynchronous method, reference made for it",
                        run: perCall { _ = try await silo.grain(CounterGrain.self, $0).incrementLater() }),
                ])
        }
        let hotActor = BareCounter()
        let hot = silo.grain(CounterGrain.self, 0)
        try await Measure.compare(
            "One hot grain, 100 callers", unit: "ns per call", rounds: rounds,
            contestants: [
                .init(name: "bare actor") {
                    try await Measure.nanoseconds(callers: 100, operations: calls / 400) { _, operations in
                        for _ in 0..<operations { _ = await hotActor.increment() }
                    }
                },
                .init(name: "grain, synchronous method") {
                    try await Measure.nanoseconds(callers: 100, operations: calls / 400) { _, operations in
                        for _ in 0..<operations { _ = try await hot.increment() }
                    }
                },
                .init(name: "grain, asynchronous method") {
                    try await Measure.nanoseconds(callers: 100, operations: calls / 400) { _, operations in
                        for _ in 0..<operations { _ = try await hot.incrementLater() }
                    }
                },
            ])
        try await silo.shutDown()
    }
}
