import Granary
import GranaryPostgres
import GranaryTestGrains
import GranaryTestSupport
import Synchronization

@testable import GranaryRuntime

/// Silos in processes of their own, and one in the test's, through which it calls.
final class ProcessCluster: Sendable {
    let database: TestDatabase
    /// The silo of the test's process: it hosts nothing.
    let gate: Silo
    private let silos = Mutex<[SiloProcess]>([])

    private init(_ database: TestDatabase) {
        self.database = database
        gate = Silo(
            configuration: SiloConfiguration(cluster: "test", name: "gate"), backend: .postgres(database.conninfo),
            endpoint: .tcp(), logger: .quiet
        ) {}
    }

    /// Runs a test on a cluster of its own, and ends what is left of it.
    static func with(_ body: (ProcessCluster) async throws -> Void) async throws {
        let cluster = ProcessCluster(try await PostgresServer.shared().makeDatabase())
        let result: Result<Void, any Error>
        do {
            try await cluster.gate.start()
            try await body(cluster)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try? await cluster.gate.shutDown()
        for silo in cluster.silos.withLock(\.self) { await silo.remove() }
        try result.get()
    }

    /// Starts a silo and waits until it serves.
    @discardableResult
    func start(_ name: String, _ options: String...) async throws -> SiloProcess {
        let silo = try await SiloProcess.start(name, database: database, options)
        silos.withLock { $0.append(silo) }
        return silo
    }

    func tally(_ key: String) -> Tally.Reference { gate.grain(Tally.self, key) }
}
