import ArgumentParser
import FoundationEssentials
import Granary
import GranaryPostgres
import Subprocess

/// Saves and loads beside pgbench on the same server, in turn.
struct StorageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storage", abstract: "Saves and loads beside pgbench, on the server that --postgres names.")

    @Option(help: "A migrated database of its own.") var postgres: String
    @Option(help: "How many rounds.") var rounds = 3
    @Option(help: "Seconds per round.") var seconds = 5
    @Option(help: "How many grains.") var grains = 100_000
    @Option(help: "How many callers save at once.") var callers = 200
    @Option(help: "How many batches are under way at once.") var lanes = 2
    @Option(help: "Only saves, or only loads.") var only: Part?
    @Flag(help: "Leaves pgbench out, for a profile of Granary alone.") var alone = false

    enum Part: String, ExpressibleByArgument {
        case saves, loads
    }

    @concurrent
    mutating func run() async throws {
        try await Self.measure(self)
    }

    @concurrent
    static func measure(_ command: StorageCommand) async throws {
        if command.only != .loads { try await measureSaves(command) }
        if command.only != .saves { try await measureLoads(command) }
    }

    private static func measureSaves(_ command: StorageCommand) async throws {
        // First every grain is written once, so that updates and selects find rows of the same shape.
        let silo = try await command.start()
        let clock = ContinuousClock()
        let began = clock.now
        try await concurrently(command.callers, upTo: command.grains) { key in
            _ = try await silo.grain(StatefulGrain.self, key).deposit(1)
        }
        let seconds = (clock.now - began).inNanoseconds / 1e9
        print("first writes: \(Int(Double(command.grains) / seconds))/s from \(command.callers) callers")
        try await command.compare(
            "Persisted saves, \(command.callers) grains at once",
            pgbench: """
                update granary.state set etag = gen_random_uuid(), version = 0, \
                data = '{"owner":"nobody","balance":2,"items":{"sku-1":2}}', updated_at = now() \
                where grain_type = 'StatefulGrain' and grain_key = :k::text and state_name = 'state';
                """,
            .init(name: "Granary, state saved per call") { try await command.saves(silo) })
        try await silo.shutDown()
    }

    private static func measureLoads(_ command: StorageCommand) async throws {
        try await command.compare(
            "Cold loads of \(command.grains) grains",
            pgbench: """
                select etag, version, data from granary.state \
                where grain_type = 'StatefulGrain' and grain_key = :k::text and state_name = 'state';
                """,
            .init(name: "Granary, activation with its state") { try await command.loads() })
    }

    private func compare(_ title: String, pgbench statement: String, _ contestant: Measure.Contestant) async throws {
        let baseline = Measure.Contestant(name: "pgbench -M prepared -c 16 -j 2, one row") {
            try await pgbench("\\set k random(0, \(grains - 1))\n\(statement)\n")
        }
        try await Measure.compare(
            title, unit: "per second", rounds: rounds, contestants: alone ? [contestant] : [baseline, contestant])
    }

    private func start() async throws -> Silo {
        // pgbench has written the rows behind the silo's back, so every measurement of saves starts from fresh loads.
        let backend = PostgresBackend.postgres(postgres) {
            $0.saveLanes = lanes
            $0.loadLanes = lanes
        }
        let silo = Silo(backend: backend, logger: .silent) { StatefulGrain.self }
        try await silo.start()
        return silo
    }

    private func saves(_ silo: Silo) async throws -> Double {
        let references = (0..<callers).map { silo.grain(StatefulGrain.self, $0) }
        for reference in references {
            await silo.deactivate(reference)
            _ = try await reference.touch()
        }
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        let began = clock.now
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for reference in references {
                group.addTask {
                    var count = 0
                    while clock.now < end {
                        _ = try await reference.deposit(1)
                        count += 1
                    }
                    return count
                }
            }
            var total = 0
            for try await count in group { total += count }
            return total
        }
        return Double(total) / ((clock.now - began).inNanoseconds / 1e9)
    }

    private func loads() async throws -> Double {
        let silo = try await start()
        let clock = ContinuousClock()
        let began = clock.now
        try await Self.concurrently(callers, upTo: grains) { key in
            _ = try await silo.grain(StatefulGrain.self, key).touch()
        }
        let rate = Double(grains) / ((clock.now - began).inNanoseconds / 1e9)
        try await silo.shutDown()
        return rate
    }

    private static func concurrently(
        _ callers: Int, upTo number: Int, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    for key in stride(from: caller, to: number, by: callers) { try await body(key) }
                }
            }
            try await group.waitForAll()
        }
    }

    private func pgbench(_ script: String) async throws -> Double {
        let path = FileManager.default.temporaryDirectory.path + "/granary-\(UInt64.random(in: 0 ... .max)).sql"
        try script.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let result = try await Subprocess.run(
            .name("pgbench"),
            arguments: [
                "-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", "\(seconds)", "-f", path, postgres,
            ],
            output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
        let output = result.standardOutput
        for line in output.split(separator: "\n") where line.hasPrefix("tps = ") {
            if let rate = Double(line.dropFirst(6).prefix { $0 != " " }) { return rate }
        }
        throw ValidationError("pgbench failed: \(output) \(result.standardError)")
    }
}
