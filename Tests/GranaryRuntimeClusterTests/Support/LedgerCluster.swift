import Granary
import GranaryPostgres
import GranaryTestSupport
import GranaryTransport
import Logging
import Synchronization

@testable import GranaryRuntime
@testable import GranaryTesting

/// What a cluster of a test stands on.
enum ClusterKind: String, CaseIterable, CustomStringConvertible {
    /// Lists and states in memory, calls through a network in the process.
    case memory
    /// Lists and states in PostgreSQL, calls over TCP.
    case postgres

    var description: String { rawValue }
}

/// What a silo of a test hosts.
enum Hosting {
    case everything
    case helpers
    case nothing
}

/// A ``TestCluster`` whose silos host ledgers and helpers that write into one book.
final class LedgerCluster: Sendable {
    let kind: ClusterKind
    let book: Book
    let cluster: TestCluster
    /// The database, where there is one.
    let database: TestDatabase?
    private let hosting: HostingByName

    private init(
        _ cluster: TestCluster, _ kind: ClusterKind, book: Book, database: TestDatabase?, hosting: HostingByName
    ) {
        self.kind = kind
        self.cluster = cluster
        self.book = book
        self.database = database
        self.hosting = hosting
    }

    /// Where states and the list of silos are kept.
    var backend: any SiloBackend { cluster.settings.backend }

    /// What is between the silos of a cluster in memory.
    var network: InProcessNetwork { cluster.network }

    /// Runs a test on a cluster of its own, and stops what is left of it at the end.
    static func with(_ kind: ClusterKind = .memory, _ body: (LedgerCluster) async throws -> Void) async throws {
        let database = kind == .postgres ? try await PostgresServer.shared().makeDatabase() : nil
        let backend: (any SiloBackend)? = database.map { .postgres($0.conninfo) }
        let book = Book()
        let hosting = HostingByName()
        let cluster = try await TestCluster(
            silos: 0, backend: backend, network: kind == .memory ? .inProcess : .tcp
        ) { silo in
            let hosts = hosting.of(silo)
            if hosts == .everything {
                Ledger.hosted { context in Ledger(context: context, book: book, silo: silo) }
                Well.hosted { context in Well(context: context, book: book, silo: silo) }
                Auction.self
                Scribe.hosted { context in Scribe(context: context, book: book) }
                Walker.hosted { context in Walker(context: context, book: book) }
            }
            if hosts != .nothing {
                Helper.hosted { context in Helper(context: context, book: book, silo: silo) }
            }
        }
        try await cluster.run { cluster in
            // Held turns would hold up the end.
            defer { book.openAll() }
            try await body(LedgerCluster(cluster, kind, book: book, database: database, hosting: hosting))
        }
    }

    /// Starts a silo, and waits for nobody else: some may be hindered from hearing of it.
    @discardableResult
    func start(
        _ name: String, faults: StorageFaults? = nil, hosts: Hosting = .everything,
        settings: (inout SiloConfiguration) -> Void = { _ in }
    ) async throws -> Silo {
        hosting.set(hosts, of: name)
        return try await cluster.start(named: name, faults: faults, configure: settings)
    }

    /// Starts a silo, and waits until all silos know of it.
    @discardableResult
    func join(
        _ name: String, faults: StorageFaults? = nil, settings: (inout SiloConfiguration) -> Void = { _ in }
    ) async throws -> Silo {
        try await cluster.join(named: name, faults: faults, configure: settings)
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

    /// Some silo that runs.
    func anySilo() throws -> Silo {
        guard let silo = cluster.silos.first else { throw NoSilo(name: "any") }
        return silo
    }

    /// Waits until the silos have installed the same view.
    func agree() async { await cluster.settled() }

    /// Waits until some of the silos have installed the same view.
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

/// What the silos of a cluster host, for those that do not host everything.
private final class HostingByName: Sendable {
    private let hosts = Mutex<[String: Hosting]>([:])

    func of(_ name: String) -> Hosting { hosts.withLock { $0[name] ?? .everything } }

    func set(_ hosting: Hosting, of name: String) { hosts.withLock { $0[name] = hosting } }
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
