import Granary
import GranaryPostgres
import GranaryTestSupport
import GranaryTesting
import GranaryTransport
import Logging
import Synchronization

@testable import GranaryRuntime

/// What a cluster of a test stands on.
enum ClusterKind: String, CaseIterable, CustomStringConvertible {
    /// Lists and states in memory, calls through a network in the process.
    case memory
    /// Lists and states in PostgreSQL, calls over TCP.
    case postgres

    var description: String { rawValue }
}

/// Silos of one cluster in one process.
final class TestCluster: Sendable {
    let kind: ClusterKind
    let book = Book()
    let network = InProcessNetwork()
    let backend: any SiloBackend
    private let silos = Mutex<[String: Silo]>([:])

    private init(_ kind: ClusterKind, backend: any SiloBackend) {
        self.kind = kind
        self.backend = backend
    }

    /// Runs a test on a cluster of its own, and stops what is left of it at the end.
    static func with(_ kind: ClusterKind = .memory, _ body: (TestCluster) async throws -> Void) async throws {
        let backend: any SiloBackend
        switch kind {
        case .memory: backend = .memory(InMemoryCluster())
        case .postgres: backend = .postgres(try await PostgresServer.shared().makeDatabase().conninfo)
        }
        let cluster = TestCluster(kind, backend: backend)
        let result: Result<Void, any Error>
        do {
            try await body(cluster)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        cluster.book.openAll()
        for silo in cluster.silos.withLock({ Array($0.values) }) { try? await silo.shutDown() }
        try result.get()
    }

    /// Starts a silo.
    @discardableResult
    func start(
        _ name: String, faults: StorageFaults? = nil, settings: (inout SiloConfiguration) -> Void = { _ in }
    ) async throws -> Silo {
        var configuration = SiloConfiguration(cluster: "test", name: name)
        settings(&configuration)
        let silo = Silo(
            configuration: configuration, backend: faults.map { FaultyBackend(backend, faults: $0) } ?? backend,
            endpoint: kind == .memory ? .inProcess(network, named: name) : .tcp(), logger: .quiet
        ) {
            Ledger.hosted { [book] context in Ledger(context: context, book: book, silo: name) }
            Helper.hosted { context in Helper(context: context, silo: name) }
        }
        try await silo.start()
        silos.withLock { $0[name] = silo }
        return silo
    }

    /// Some silo that runs.
    func anySilo() throws -> Silo {
        guard let silo = silos.withLock(\.values.first) else { throw GrainError(.siloUnavailable, "no silo runs") }
        return silo
    }

    /// Starts silos, one after the other.
    @discardableResult
    func startAll(_ names: String...) async throws -> [Silo] {
        var silos: [Silo] = []
        for name in names { silos.append(try await start(name)) }
        await agree(silos)
        return silos
    }

    /// Stops a silo as SIGTERM does.
    func stop(_ name: String) async throws {
        let silo = silos.withLock { $0.removeValue(forKey: name) }
        try await silo?.shutDown()
    }

    /// Waits until silos have installed the same view.
    func agree(_ silos: [Silo]) async {
        await eventually {
            let views = Set(silos.map { $0.runtime.cluster?.installed ?? 0 })
            return views.count == 1 && silos.allSatisfy(\.isReady)
        }
    }

    /// A key whose grain lives on a silo, as all silos see it.
    func key(on silo: String, through other: Silo, _ prefix: String = "key") async throws -> String {
        for number in 0... {
            let key = "\(prefix) \(number)"
            if try await other.ledger(key).place() == silo { return key }
        }
        return ""
    }
}

extension Logger {
    /// A logger that says nothing.
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension Silo {
    func ledger(_ key: String) -> Ledger.Reference { grain(Ledger.self, key) }
}

/// Waits for something that tells nobody when it happens; the test's time limit ends a wait in vain.
func eventually(_ condition: () async -> Bool) async {
    while await !condition() { try? await Task.sleep(for: .milliseconds(2)) }
}

/// The error that a call ends with, as Granary's own kind.
func grainError(_ call: () async throws -> some Any) async -> GrainError? {
    do {
        _ = try await call()
        return nil
    } catch {
        return error as? GrainError
    }
}
