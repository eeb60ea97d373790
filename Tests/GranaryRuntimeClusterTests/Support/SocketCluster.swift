import Granary
import GranaryTestSupport
import GranaryTransport
import Logging
import Synchronization

@testable import GranaryRuntime

/// Silos of one cluster in one process, which talk over TCP at ports that stay theirs, and whose lists are in memory.
final class SocketCluster: Sendable {
    let book = Book()
    let members = InMemoryCluster()
    let name: String
    private let silos = Mutex<[String: Silo]>([:])
    private let ports = Mutex<[String: (data: Int, control: Int)]>([:])

    private init(_ name: String) { self.name = name }

    /// Runs a test on a cluster of its own, and stops what is left of it at the end.
    static func with(_ name: String = "test", _ body: (SocketCluster) async throws -> Void) async throws {
        let cluster = SocketCluster(name)
        let result: Result<Void, any Error>
        do { result = .success(try await body(cluster)) } catch { result = .failure(error) }
        cluster.book.openAll()
        for silo in cluster.silos.withLock({ Array($0.values) }) { try? await silo.shutDown() }
        try result.get()
    }

    /// The ports that a silo has, or will have.
    func ports(of silo: String) throws -> (data: Int, control: Int) {
        if let known = ports.withLock({ $0[silo] }) { return known }
        let made = (data: try FreePort.find(), control: try FreePort.find())
        return ports.withLock { ports in
            ports[silo] = ports[silo] ?? made
            return ports[silo] ?? made
        }
    }

    /// Where a silo is, or will be.
    func address(of silo: String) throws -> String {
        let ports = try ports(of: silo)
        return "127.0.0.1:\(ports.data)/\(ports.control)"
    }

    /// Starts a silo.
    @discardableResult
    func start(
        _ silo: String, security: TransportSecurity = .plaintextOnLoopback, hostsLedgers: Bool = true,
        ledgers: GrainOptions = GrainOptions(), settings: (inout SiloConfiguration) -> Void = { _ in }
    ) async throws -> Silo {
        var configuration = SiloConfiguration(cluster: name, name: silo)
        settings(&configuration)
        let made = Silo(
            configuration: configuration, backend: .memory(members),
            endpoint: .tcp(TransportConfiguration(listen: try address(of: silo), security: security)), logger: .quiet
        ) {
            Helper.hosted { [book] context in Helper(context: context, book: book, silo: silo) }
            if hostsLedgers {
                Ledger.hosted(options: ledgers) { [book] context in Ledger(context: context, book: book, silo: silo) }
            }
        }
        try await made.start()
        silos.withLock { $0[silo] = made }
        return made
    }

    /// Stops a silo as SIGTERM does.
    func stop(_ silo: String) async throws { try await silos.withLock { $0.removeValue(forKey: silo) }?.shutDown() }

    /// A client that is not connected yet, and that knows silos by their addresses.
    func makeClient(
        knowing silos: String..., security: TransportSecurity = .plaintextOnLoopback,
        settings: (inout ClientConfiguration) -> Void = { _ in }
    ) throws -> ClusterClient {
        var configuration = ClientConfiguration(cluster: name, name: "client")
        settings(&configuration)
        return ClusterClient(
            configuration: configuration, gateways: .addresses(try silos.map { try address(of: $0) }),
            endpoint: .tcp(TransportConfiguration(listen: nil, security: security)), logger: .quiet)
    }
}
