import ArgumentParser
import FoundationEssentials
import Granary
import Subprocess

/// What a call costs over ever more activations, each one as likely as the other, beside as many bare actors.
struct ScaleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale", abstract: "Calls over up to a million random grains beside as many bare actors; memory.")

    @Option(help: "How many rounds.") var rounds = 5
    @Option(help: "How many calls a round.") var calls = 1_000_000
    @Option(parsing: .upToNextOption, help: "How many activations, from few to many.")
    var activations = [1_000, 10_000, 100_000, 1_000_000]
    @Option(parsing: .upToNextOption, help: "How many callers call at the same time.") var callers = [1, 100]
    @Flag(help: "Leaves out what the activations need in memory.") var skipMemory = false
    @OptionGroup var output: Output

    @concurrent
    mutating func run() async throws {
        let recorder = Recorder("scale")
        try await Self.measure(self, recorder)
        if !skipMemory { try await Self.measureMemory(activations.max() ?? 0, recorder) }
        try output.write(recorder)
    }

    @concurrent
    private static func measure(_ command: ScaleCommand, _ recorder: Recorder) async throws {
        let silo = Silo(logger: .silent) { CounterGrain.self }
        try await silo.start()
        var actors: [BareCounter] = []
        var references: [CounterGrain.Reference] = []
        var lines: [[Curve]] = []
        for size in command.activations.sorted() {
            for key in actors.count..<size {
                actors.append(BareCounter())
                references.append(silo.grain(CounterGrain.self, key))
                _ = try await references[key].increment()
            }
            let figures = try await command.compare(size, silo, actors, references, recorder)
            if lines.isEmpty {
                lines = figures.map { $0.map { Curve(plot: "scale.cost", name: $0.name, points: []) } }
            }
            for (group, figures) in figures.enumerated() {
                for (line, figure) in figures.enumerated() {
                    lines[group][line].points.append(.init(x: Double(size), y: figure.median))
                }
            }
        }
        for line in lines.joined() { recorder.add(line) }
        try await silo.shutDown()
    }

    /// The figures of one number of activations, for each number of callers.
    private func compare(
        _ size: Int, _ silo: Silo, _ actors: [BareCounter], _ references: [CounterGrain.Reference],
        _ recorder: Recorder
    ) async throws -> [[Figure]] {
        var all: [[Figure]] = []
        for callers in self.callers {
            let each = calls / callers
            @Sendable func perCall(
                _ body: @escaping @Sendable (Int) async throws -> Void
            ) -> @Sendable () async throws -> Double {
                {
                    try await Measure.nanoseconds(callers: callers, operations: each) { caller, operations in
                        var walk = RandomWalk(caller, below: size)
                        for _ in 0..<operations { try await body(walk.next()) }
                    }
                }
            }
            // The target is a single caller's: the plain name is its.
            let suffix = callers == 1 ? "\(size)" : "\(size).\(callers)"
            let who = callers == 1 ? "one caller" : "\(callers) callers"
            all.append(
                try await recorder.compare(
                    "Calls over \(size) random activations, \(who)", unit: "ns per call", rounds: rounds,
                    contestants: [
                        .init(
                            id: "scale.actor.\(suffix)", name: "bare actor, \(who)",
                            run: perCall { _ = await actors[$0].increment() }),
                        .init(
                            id: "scale.sync.\(suffix)", name: "grain, reference held, \(who)",
                            run: perCall { _ = try await references[$0].increment() }),
                        .init(
                            id: "scale.made.\(suffix)", name: "grain, reference made for the call, \(who)",
                            run: perCall { _ = try await silo.grain(CounterGrain.self, $0).increment() }),
                    ]))
        }
        return all
    }

    /// In a process of its own, whose memory nobody has used before.
    private static func measureMemory(_ number: Int, _ recorder: Recorder) async throws {
        let result = try await Subprocess.run(
            .name("env"), arguments: [CommandLine.arguments[0], "scale-memory", "--activations", "\(number)"],
            output: .string(limit: 1 << 20), error: .currentStandardError)
        guard result.terminationStatus.isSuccess else {
            throw ValidationError("The process that measures memory failed: \(result.terminationStatus).")
        }
        let output = result.standardOutput
        let memory = try JSONDecoder().decode(ScaleMemory.self, from: Data(output.utf8))
        print("\n\(number) activations with one small state each, in a process of their own")
        let name = number == 1_000_000 ? "million" : "\(number)"
        recorder.add(
            Figure(
                id: "memory.\(name)", name: "the process has grown by", unit: "MB", rounds: [memory.bytes / 1e6]))
        recorder.add(
            Figure(
                id: "memory.\(name).each", name: "for each activation", unit: "bytes",
                rounds: [memory.bytes / Double(number)]))
        recorder.add(
            Figure(id: "scale.first.\(number)", name: "first calls", unit: "per second", rounds: [memory.rate]))
        recorder.add(memory.firstCalls)
    }
}
