import ArgumentParser
import Granary
import GranaryPostgres
import NIOCore
import Subprocess

/// How long calls between two processes take at half of the most that 100 callers reach, beside the bare sketch.
struct LatencyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latency",
        abstract: "Latency of remote calls at half of the greatest load, beside a bare sketch at the same rate.")

    @Option(help: "A PostgreSQL server, for a database of the benchmark's own.") var postgres: String
    @Option(help: "How many rounds.") var rounds = 5
    @Option(help: "Seconds of load in a round.") var seconds = 5.0
    @Option(help: "How many calls measure the greatest load, before each round.") var calls = 200_000
    @Option(help: "The part of the greatest load that is put on, in percent.") var load = 50
    @Option(help: "How many calls may be under way at once.") var callers = 1_000
    @Option(help: "How often calls become due, in microseconds.") var tick = 100
    @Option(help: "How many calls a single caller makes in a round.") var singles = 20_000
    @OptionGroup var output: Output

    @concurrent
    mutating func run() async throws {
        let command = self
        let recorder = Recorder("latency")
        try await PrivateDatabase.with(on: postgres) { database in
            _ = try await Subprocess.run(
                .name("env"),
                arguments: [
                    CommandLine.arguments[0], "remote-peer", "--postgres", database.url, "--cluster", "benchmark",
                ],
                input: .inputWriter, output: .sequence, error: .currentStandardError
            ) { process in
                var ports: [Int] = []
                for try await line in process.standardOutput.strings() {
                    ports = line.split(separator: " ").dropFirst().compactMap { Int($0.filter(\.isNumber)) }
                    break
                }
                guard ports.count == 2 else { throw ValidationError("The other process did not start.") }
                try await command.measure(on: database.url, sketch: ports[1], recorder)
                try await process.standardInputWriter.finish()
            }
        }
        try output.write(recorder)
    }

    private func measure(on url: String, sketch: Int, _ recorder: Recorder) async throws {
        let silo = Silo(
            configuration: SiloConfiguration(cluster: "benchmark", name: "caller"), backend: .postgres(url),
            endpoint: .tcp(), logger: .silent
        ) {}
        try await silo.start()
        let size = 1_000
        let remote = (0..<size).map { silo.grain(CounterGrain.self, $0) }
        for reference in remote { _ = try await reference.increment() }
        let (client, channel) = try await SketchClient.connect(port: sketch)
        try await compare(
            grain: { _ = try await remote[$0 % size].increment() }, sketch: { _ in await client.call() }, recorder)
        try await channel.close()
        try await silo.shutDown()
    }

    private func compare(
        grain: @escaping @Sendable (Int) async throws -> Void, sketch: @escaping @Sendable (Int) async throws -> Void,
        _ recorder: Recorder
    ) async throws {
        var most = Figure(id: "latency.most", name: "100 callers reach", unit: "per second", rounds: [])
        var rates = Figure(id: "latency.rate", name: "calls that are due", unit: "per second", rounds: [])
        var sides = [
            LatencySide("latency.sketch", "bare sketch", sketch), LatencySide("latency.remote", "grain", grain),
        ]
        _ = try await greatestLoad(grain)
        for _ in 0..<rounds {
            // Before each round: half of what the machine did minutes ago may be all that it does now.
            most.rounds.append(try await greatestLoad(grain))
            let rate = (most.rounds[most.rounds.count - 1] * Double(load) / 100).rounded()
            rates.rounds.append(rate)
            for index in sides.indices {
                try await sides[index].measure(
                    rate: rate, tick: .microseconds(tick), seconds: seconds, callers: callers, singles: singles)
            }
        }
        print("\nCalls between two processes")
        recorder.add(most)
        recorder.add(rates)
        for side in sides { side.add(to: recorder, besides: sides[0]) }
    }

    /// What 100 callers reach who call again as soon as they have their answer.
    private func greatestLoad(_ grain: @escaping @Sendable (Int) async throws -> Void) async throws -> Double {
        let nanoseconds = try await Measure.nanoseconds(callers: 100, operations: calls / 100) { caller, count in
            for index in 0..<count { try await grain(caller &* 37 &+ index) }
        }
        return 1e9 / nanoseconds
    }
}
