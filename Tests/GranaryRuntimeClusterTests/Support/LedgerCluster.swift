import Granary
import GranaryPostgres
import GranaryTestSupport
import GranaryTesting
import Logging

@testable import GranaryRuntime

/// What a cluster of a test stands on.
enum ClusterKind: String, CaseIterable, CustomStringConvertible {
    /// Lists and states in memory, calls through a network in the process.
    case memory
    /// Lists and states in PostgreSQL, calls over TCP.
    case postgres

    var description: String { rawValue }
}

/// A ``TestCluster`` whose silos host ledgers and helpers that write into one book.
final class LedgerCluster: Sendable {
    let book: Book
    let cluster: TestCluster

    private init(_ cluster: TestCluster, book: Book) {
        self.cluster = cluster
        self.book = book
    }

    /// Runs a test on a cluster of its own, and stops what is left of it at the end.
    static func with(_ kind: ClusterKind = .memory, _ body: (LedgerCluster) async throws -> Void) async throws {
        let backend: (any SiloBackend)? =
            switch kind {
            case .memory: nil
            case .postgres: .postgres(try await PostgresServer.shared().makeDatabase().conninfo)
            }
        let book = Book()
        let cluster = try await TestCluster(
            silos: 0, backend: backend, network: kind == .memory ? .inProcess : .tcp
        ) { silo in
            Ledger.hosted { context in Ledger(context: context, book: book, silo: silo) }
            Helper.hosted { context in Helper(context: context, book: book, silo: silo) }
            Well.hosted { context in Well(context: context, book: book, silo: silo) }
            Auction.self
        }
        try await cluster.run { cluster in
            // Held turns would hold up the end.
            defer { book.openAll() }
            try await body(LedgerCluster(cluster, book: book))
        }
    }

    /// Starts a silo.
    @discardableResult
    func start(
        _ name: String, faults: StorageFaults? = nil, settings: (inout SiloConfiguration) -> Void = { _ in }
    ) async throws -> Silo {
        try await cluster.join(named: name, faults: faults, configure: settings)
    }

    /// Starts silos, one after the other.
    func startAll(_ names: String...) async throws -> [Silo] {
        var silos: [Silo] = []
        for name in names { silos.append(try await start(name)) }
        return silos
    }

    /// Stops a silo as SIGTERM does.
    func stop(_ name: String) async throws { try await cluster.stop(try silo(name)) }

    /// Ends a silo as SIGKILL does.
    func kill(_ name: String) async throws {
        try await cluster.kill(try silo(name))
        book.forget(name)
    }

    /// The silo of a name.
    func silo(_ name: String) throws -> Silo {
        guard let silo = cluster.silo(named: name) else { throw NoSilo(name: name) }
        return silo
    }

    /// Waits until the silos have installed the same view.
    func agree() async { await cluster.settled() }

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

struct NoSilo: Error { var name: String }

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
