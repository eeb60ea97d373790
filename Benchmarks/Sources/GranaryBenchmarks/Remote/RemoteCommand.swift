import ArgumentParser
import FoundationEssentials
import Granary
import GranaryPostgres
import NIOCore
import Subprocess

/// Calls between two processes beside a raw echo of as many frames, a bare sketch of a remote call, a local call, and calls
/// between two nodes of Erlang.
struct RemoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remote", abstract: "Calls between two silos, on the database that --postgres names.")

    @Option(help: "A database of its own; its schema is made.") var postgres: String
    @Option(help: "How many rounds.") var rounds = 5
    @Option(help: "How many calls a round, for 100 callers; a tenth of it for fewer than ten.") var calls = 500_000
    @Option(help: "Only the contestant whose name begins so, for a profile of it.") var only = ""
    @Option(parsing: .upToNextOption, help: "How many callers call at the same time.")
    var callers = [1, 10, 100, 1_000]
    @OptionGroup var erlang: Erlang
    @OptionGroup var output: Output

    @concurrent
    mutating func run() async throws {
        let command = self
        let recorder = Recorder("remote")
        try await Migrator(postgres).apply()
        if only.isEmpty || only.hasPrefix("Erlang") {
            try await command.erlang.withNodes { try await command.measure(recorder, $0) }
        } else {
            try await command.measure(recorder, nil)
        }
        try command.output.write(recorder)
    }

    @concurrent
    private func measure(_ recorder: Recorder, _ erlang: ErlangPeer?) async throws {
        let cluster = "benchmark"
        let path = CommandLine.arguments[0]
        _ = try await Subprocess.run(
            .name("env"), arguments: [path, "remote-peer", "--postgres", postgres, "--cluster", cluster],
            input: .inputWriter, output: .sequence, error: .currentStandardError
        ) { process in
            var ports: [Int] = []
            for try await line in process.standardOutput.strings() {
                ports = line.split(separator: " ").dropFirst().compactMap { Int($0.filter(\.isNumber)) }
                break
            }
            guard ports.count == 2 else { throw ValidationError("The other process did not start.") }
            try await measure(recorder, erlang, cluster: cluster, echo: ports[0], sketch: ports[1])
            try await process.standardInputWriter.finish()
        }
    }

    private func measure(
        _ recorder: Recorder, _ erlang: ErlangPeer?, cluster: String, echo: Int, sketch: Int
    ) async throws {
        let silo = Silo(
            configuration: SiloConfiguration(cluster: cluster, name: "caller"), backend: .postgres(postgres),
            endpoint: .tcp(), logger: .silent
        ) { NamedCounterGrain.self }
        try await silo.start()
        let size = 1_000
        let remote = (0..<size).map { silo.grain(CounterGrain.self, $0) }
        let local = (0..<size).map { silo.grain(NamedCounterGrain.self, "\($0)") }
        for reference in remote { _ = try await reference.increment() }
        for reference in local { _ = try await reference.increment() }
        let (client, channel) = try await SketchClient.connect(port: sketch)
        var sweep = Sweep("remote.throughput")
        for callers in self.callers {
            let total = callers < 10 ? calls / 10 : calls
            let each = total / callers
            @Sendable func rate(_ body: @escaping @Sendable (Int) async throws -> Void) async throws -> Double {
                let nanoseconds = try await Measure.nanoseconds(callers: callers, operations: each) { caller, count in
                    var index = caller &* 37
                    for _ in 0..<count {
                        try await body(index % size)
                        index &+= 1
                    }
                }
                return 1e9 / nanoseconds
            }
            var contestants: [Measure.Contestant] = [
                .init(id: "remote.echo.\(callers)", name: "raw NIO echo of 64-byte frames") {
                    try await EchoLoad.rate(port: echo, outstanding: callers, frames: total)
                },
                .init(id: "remote.sketch.\(callers)", name: "bare sketch: socket, continuation, actor hop") {
                    try await rate { _ in await client.call() }
                },
                .init(id: "remote.grain.\(callers)", name: "grain in the other process") {
                    try await rate { _ = try await remote[$0].increment() }
                },
                .init(id: "remote.local.\(callers)", name: "grain in this process") {
                    try await rate { _ = try await local[$0].increment() }
                },
            ]
            if let erlang {
                contestants.append(
                    .init(id: "remote.erlang.\(callers)", name: "Erlang gen_server:call to another node") {
                        1e9 / (try await erlang.nanoseconds(callers: callers, calls: max(total / 5, callers)))
                    })
            }
            contestants.removeAll { !$0.name.hasPrefix(only) }
            let figures = try await recorder.compare(
                "Calls between two processes, \(callers) caller(s)", unit: "per second", rounds: rounds,
                contestants: contestants)
            sweep.add(
                at: Double(callers), figures,
                names: [
                    ("remote.echo", "raw echo"), ("remote.sketch", "bare sketch"), ("remote.grain", "grain"),
                    ("remote.erlang", "Erlang gen_server"),
                ]
            ) { $0 }
        }
        sweep.curves.forEach(recorder.add)
        try await channel.close()
        try await silo.shutDown()
    }
}
