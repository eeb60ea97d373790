import ArgumentParser
import Granary
import GranaryPostgres

/// What callers notice while a silo joins, is drained, is killed: calls at a constant rate to grains in several processes.
struct DisturbanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disturbance", abstract: "Latency of calls while silos join, are drained, are killed.")

    @Option(help: "A PostgreSQL server, for a database of the benchmark's own.") var postgres: String
    @Option(help: "How many silos there are at the beginning.") var silos = 3
    @Option(help: "How many grains are active.") var grains = 100_000
    @Option(help: "How many calls are due in a second.") var rate = 2_000
    @Option(help: "How many calls may be under way at once.") var callers = 1_000
    @Option(help: "How many calls of a hundred save the grain's state.") var writes = 20
    @Flag(help: "Grains have no state, so nothing is saved and nothing is loaded.") var stateless = false
    @Option(help: "Seconds that are looked at from each event on.") var seconds = 3.0
    @Option(help: "How often a silo joins and another one is drained.") var rounds = 3
    @Option(help: "How often a silo is killed.") var kills = 10
    @Option(help: "How many grains of the killed silo are called at once when it is killed.") var probes = 200
    @OptionGroup var output: Output

    @concurrent
    mutating func run() async throws {
        let command = self
        let recorder = Recorder("disturbance")
        try await PrivateDatabase.with(on: postgres) { database in
            try await PeerProcesses.with { peers in
                let cluster = DisturbedCluster(peers, database: database.url, command)
                try await cluster.start()
                try await command.measure(cluster, recorder)
                try await cluster.stop()
            }
        }
        try output.write(recorder)
    }

    private func measure(_ cluster: DisturbedCluster, _ recorder: Recorder) async throws {
        print("\(grains) grains are active in \(silos) silos; \(rate) calls are due in a second")
        let load = DisturbanceLoad(cluster.calls, self)
        let story = DisturbanceStory(cluster, load, self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await load.run() }
            group.addTask {
                // However the story ends, the load ends with it.
                defer { load.stop() }
                try await story.run()
            }
            try await group.waitForAll()
        }
        story.findings.report(load, of: self, to: recorder)
    }
}
