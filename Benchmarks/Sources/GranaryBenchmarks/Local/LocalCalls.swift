import Granary

/// The contestants of `calls`: a silo with its grains, as many bare actors, and perhaps Erlang's.
struct LocalCalls: Sendable {
    private static let size = 1_000

    private let command: CallsCommand
    private let recorder: Recorder
    private let erlang: ErlangPeer?
    private let silo = Silo(logger: .silent) {
        CounterGrain.self
        NamedCounterGrain.self
    }
    private let actors = (0..<size).map { _ in BareCounter() }

    init(_ command: CallsCommand, _ recorder: Recorder, _ erlang: ErlangPeer?) {
        self.command = command
        self.recorder = recorder
        self.erlang = erlang
    }

    func measure() async throws {
        try await silo.start()
        for key in 0..<Self.size {
            _ = try await silo.grain(CounterGrain.self, key).increment()
            _ = try await silo.grain(NamedCounterGrain.self, "customer-\(key)").increment()
        }
        var sweep = Sweep("calls.throughput")
        for callers in Set(command.callers + command.sweep).sorted() {
            let figures = try await synchronous(callers, all: command.callers.contains(callers))
            if command.callers.contains(callers) { try await asynchronous(callers) }
            guard command.sweep.contains(callers) else { continue }
            sweep.add(
                at: Double(callers), figures,
                names: [
                    ("calls.bare", "bare actor"), ("calls.sync", "grain"), ("calls.erlang", "Erlang gen_server"),
                ]
            ) { 1e9 / $0 }
        }
        try await hot()
        sweep.curves.forEach(recorder.add)
        try await silo.shutDown()
    }

    /// Synchronous methods beside a bare actor's; only the two that a plot shows, unless `all` are wanted.
    private func synchronous(_ callers: Int, all: Bool) async throws -> [Figure] {
        let (silo, actors) = (silo, actors)
        let references = (0..<Self.size).map { silo.grain(CounterGrain.self, $0) }
        let named = (0..<Self.size).map { silo.grain(NamedCounterGrain.self, "customer-\($0)") }
        var contestants = [
            contestant("bare", "bare actor", callers) { _ = await actors[$0].increment() },
            contestant("sync", "synchronous method, reference held", callers) {
                _ = try await references[$0].increment()
            },
        ]
        if all {
            contestants += [
                contestant("readonly", "synchronous @ReadOnly method", callers) {
                    _ = try await references[$0].current()
                },
                contestant("text", "synchronous method, text key", callers) { _ = try await named[$0].increment() },
                contestant("made", "synchronous method, reference made for it", callers) {
                    _ = try await silo.grain(CounterGrain.self, $0).increment()
                },
            ]
        }
        if let erlang {
            contestants.append(
                .init(id: "calls.erlang.\(callers)", name: "Erlang gen_server:call") {
                    try await erlang.nanoseconds(callers: callers, calls: command.calls / 5)
                })
        }
        return try await recorder.compare(
            "Local calls over 1,000 grains, \(callers) caller(s)", unit: "ns per call", rounds: command.rounds,
            contestants: contestants)
    }

    private func asynchronous(_ callers: Int) async throws {
        let (silo, actors) = (silo, actors)
        let references = (0..<Self.size).map { silo.grain(CounterGrain.self, $0) }
        try await recorder.compare(
            "Asynchronous methods, \(callers) caller(s)", unit: "ns per call", rounds: command.rounds,
            contestants: [
                contestant("bareasync", "bare actor, asynchronous method", callers) {
                    _ = await actors[$0].incrementLater()
                },
                contestant("async", "asynchronous method, reference held", callers) {
                    _ = try await references[$0].incrementLater()
                },
                contestant("asyncmade", "asynchronous method, reference made for it", callers) {
                    _ = try await silo.grain(CounterGrain.self, $0).incrementLater()
                },
            ])
    }

    private func hot() async throws {
        let actor = BareCounter()
        let grain = silo.grain(CounterGrain.self, 0)
        let each = command.calls / 400
        try await recorder.compare(
            "One hot grain, 100 callers", unit: "ns per call", rounds: command.rounds,
            contestants: [
                .init(id: "calls.hot.bare", name: "bare actor") {
                    try await Measure.nanoseconds(callers: 100, operations: each) { _, operations in
                        for _ in 0..<operations { _ = await actor.increment() }
                    }
                },
                .init(id: "calls.hot.sync", name: "grain, synchronous method") {
                    try await Measure.nanoseconds(callers: 100, operations: each) { _, operations in
                        for _ in 0..<operations { _ = try await grain.increment() }
                    }
                },
                .init(id: "calls.hot.async", name: "grain, asynchronous method") {
                    try await Measure.nanoseconds(callers: 100, operations: each) { _, operations in
                        for _ in 0..<operations { _ = try await grain.incrementLater() }
                    }
                },
            ])
    }

    /// Each caller walks over all of them, from a place of its own.
    private func contestant(
        _ id: String, _ name: String, _ callers: Int, _ body: @escaping @Sendable (Int) async throws -> Void
    ) -> Measure.Contestant {
        let each = command.calls / callers
        return .init(id: "calls.\(id).\(callers)", name: name) {
            try await Measure.nanoseconds(callers: callers, operations: each) { caller, operations in
                var index = caller &* 37
                for _ in 0..<operations {
                    try await body(index % Self.size)
                    index &+= 1
                }
            }
        }
    }
}
