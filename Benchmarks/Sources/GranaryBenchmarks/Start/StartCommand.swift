import ArgumentParser
import Granary
import GranaryPostgres

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// How long a silo takes until it serves, and a process with one.
struct StartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "How long a silo takes until it serves, and a process that has one.")

    @Option(help: "A PostgreSQL server, for a database of the benchmark's own.") var postgres: String
    @Option(help: "How many rounds.") var rounds = 15
    @OptionGroup var output: Output

    @concurrent
    mutating func run() async throws {
        let recorder = Recorder("start")
        let rounds = rounds
        try await PrivateDatabase.with(on: postgres) { database in
            try await Self.measureSilos(database.url, rounds, recorder)
            try await Self.measureProcesses(database.url, rounds, recorder)
        }
        try output.write(recorder)
    }

    /// Within this process, where the first round of each meets code that never ran before.
    private static func measureSilos(_ url: String, _ rounds: Int, _ recorder: Recorder) async throws {
        var figures = [
            Figure(id: "start.memory", name: "in memory", unit: "ms", rounds: []),
            Figure(id: "start.postgres", name: "with PostgreSQL, alone", unit: "ms", rounds: []),
            Figure(id: "start.cluster", name: "with PostgreSQL, the first of a cluster", unit: "ms", rounds: []),
            Figure(id: "start.cluster.join", name: "with PostgreSQL, beside one that serves", unit: "ms", rounds: []),
        ]
        for _ in 0..<rounds {
            let (memory, inMemory) = try await start(named: "memory", .memory)
            try await memory.shutDown()
            let (alone, onPostgres) = try await start(named: "alone", .postgres(url))
            try await alone.shutDown()
            let (first, asFirst) = try await start(named: "first", .postgres(url), .tcp())
            let (second, asSecond) = try await start(named: "second", .postgres(url), .tcp())
            try await second.shutDown()
            try await first.shutDown()
            for (index, time) in [inMemory, onPostgres, asFirst, asSecond].enumerated() {
                figures[index].rounds.append(time)
            }
        }
        print("\nFrom making a silo until it serves (median of \(rounds) rounds)")
        for figure in figures { recorder.add(figure) }
        for figure in figures { print("  the first and the longest \(figure.name): \(ends(of: figure))") }
    }

    private static func start(
        named name: String, _ backend: some SiloBackend, _ endpoint: SiloEndpoint? = nil
    ) async throws -> (silo: Silo, milliseconds: Double) {
        let began = Uptime.now
        let silo = Silo(
            configuration: SiloConfiguration(name: name), backend: backend, endpoint: endpoint, logger: .silent
        ) {
            CounterGrain.self
            StatefulGrain.self
        }
        try await silo.start()
        let time = Uptime.milliseconds(Uptime.now - began)
        guard silo.isReady else { throw ValidationError("The silo '\(name)' has started and does not serve.") }
        return (silo, time)
    }

    /// From before the process is made until it says that it serves, beside one that has no silo.
    private static func measureProcesses(_ url: String, _ rounds: Int, _ recorder: Recorder) async throws {
        print("\nA process of this program, until it serves")
        try await PeerProcesses.with { peers in
            @Sendable func time(_ kind: SiloPeerCommand.Kind) async throws -> Double {
                let began = Uptime.now
                let peer = peers.start("process", ["--kind", kind.rawValue, "--postgres", url])
                let ready = try await peer.ready()
                // In order, so that the next one finds nobody of its name.
                peer.signal(SIGTERM)
                try await peer.gone()
                return Uptime.milliseconds(ready - began)
            }
            try await recorder.compare(
                "From making a process until it serves", unit: "ms", rounds: rounds,
                contestants: [
                    .init(id: "start.process.empty", name: "without a silo") { try await time(.empty) },
                    .init(id: "start.process", name: "in memory") { try await time(.memory) },
                    .init(id: "start.process.postgres", name: "with PostgreSQL, alone") { try await time(.postgres) },
                    .init(id: "start.process.cluster", name: "with PostgreSQL, the first of a cluster") {
                        try await time(.cluster)
                    },
                ])
        }
    }

    private static func ends(of figure: Figure) -> String {
        "\(Measure.format(figure.rounds.first ?? 0)) ms, \(Measure.format(figure.rounds.max() ?? 0)) ms"
    }
}
