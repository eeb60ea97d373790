import ArgumentParser
import Granary
import GranaryPostgres

/// Saves and loads beside pgbench on the same server, in turn.
struct StorageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storage", abstract: "Saves and loads beside pgbench, on the server that --postgres names.")

    @Option(help: "A database of its own; its schema is made.") var postgres: String
    @Option(help: "How many rounds.") var rounds = 3
    @Option(help: "Seconds per round.") var seconds = 5
    @Option(help: "How many grains.") var grains = 100_000
    @Option(help: "How many callers save at once.") var callers = 200
    @Option(help: "How many batches are under way at once.") var lanes = 2
    @Option(help: "Only saves, of many and of one at a time, or only loads.") var only: Part?
    @Flag(help: "Leaves pgbench out, for a profile of Granary alone.") var alone = false
    @OptionGroup var output: Output

    enum Part: String, ExpressibleByArgument {
        case saves, loads
    }

    @concurrent
    mutating func run() async throws {
        let recorder = Recorder("storage")
        try await Self.measure(self, recorder)
        try output.write(recorder)
    }

    @concurrent
    private static func measure(_ command: StorageCommand, _ recorder: Recorder) async throws {
        try await Migrator(command.postgres).apply()
        if command.only != .loads { try await measureSaves(command, recorder) }
        if command.only != .saves { try await measureLoads(command, recorder) }
    }

    private static func measureSaves(_ command: StorageCommand, _ recorder: Recorder) async throws {
        // First every grain is written once, so that updates and selects find rows of the same shape.
        let silo = try await command.start()
        let clock = ContinuousClock()
        let began = clock.now
        try await concurrently(command.callers, upTo: command.grains) { key in
            _ = try await silo.grain(StatefulGrain.self, key).deposit(1)
        }
        let seconds = (clock.now - began).inNanoseconds / 1e9
        print("first writes: \(Int(Double(command.grains) / seconds))/s from \(command.callers) callers")
        let update = """
            update granary.state set etag = gen_random_uuid(), version = 0, \
            data = '{"owner":"nobody","balance":2,"items":{"sku-1":2}}', updated_at = now() \
            where grain_type = 'StatefulGrain' and grain_key = :k::text and state_name = 'state';
            """
        try await command.compare(
            "Persisted saves, \(command.callers) grains at once", unit: "per second", recorder,
            .init(id: "storage.saves.pgbench", name: "pgbench -M prepared -c 16 -j 2, one row") {
                try await command.pgbench(update, connections: 16)
            },
            .init(id: "storage.saves.granary", name: "Granary, state saved per call") {
                try await command.saves(silo, callers: command.callers)
            })
        try await command.compare(
            "One save at a time", unit: "µs per save", recorder,
            .init(id: "storage.single.pgbench", name: "pgbench -M prepared -c 1, one row") {
                1e6 / (try await command.pgbench(update, connections: 1))
            },
            .init(id: "storage.single.granary", name: "Granary, state saved per call") {
                1e6 / (try await command.saves(silo, callers: 1))
            })
        try await silo.shutDown()
    }

    private static func measureLoads(_ command: StorageCommand, _ recorder: Recorder) async throws {
        let select = """
            select etag, version, data from granary.state \
            where grain_type = 'StatefulGrain' and grain_key = :k::text and state_name = 'state';
            """
        try await command.compare(
            "Cold loads of \(Numeral.short(Double(command.grains))) grains", unit: "per second", recorder,
            .init(id: "storage.loads.pgbench", name: "pgbench -M prepared -c 16 -j 2, one row") {
                try await command.pgbench(select, connections: 16)
            },
            .init(id: "storage.loads.granary", name: "Granary, activation with its state") {
                try await command.loads()
            })
    }

    private func compare(
        _ title: String, unit: String, _ recorder: Recorder, _ pgbench: Measure.Contestant,
        _ granary: Measure.Contestant
    ) async throws {
        try await recorder.compare(
            title, unit: unit, rounds: rounds, contestants: alone ? [granary] : [pgbench, granary])
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

    private func saves(_ silo: Silo, callers: Int) async throws -> Double {
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
}
