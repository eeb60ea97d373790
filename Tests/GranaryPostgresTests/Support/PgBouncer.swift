import Foundation
import GranaryTestSupport

/// PgBouncer in transaction pooling, with fewer server sessions than clients.
struct PgBouncer: Sendable {
    /// Where it listens on 127.0.0.1.
    let port: Int
    private let folder: String
    private let process: ChildProcess

    private static let program = "/usr/sbin/pgbouncer"

    /// Whether the machine has it.
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

    /// Starts one before a server that listens on 127.0.0.1.
    static func start(before server: PostgresServer) async throws -> PgBouncer {
        let folder = "/tmp/granary-pooler-\(UUID().uuidString.prefix(8).lowercased())"
        let port = try FreePort.find()
        try await Command(["install", "-d", "-m", "755", "-o", PostgresPrograms.owner, folder]).run()
        let settings = """
            [databases]
            * = host=127.0.0.1 port=\(server.port)
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 2
            max_client_conn = 100
            """
        // With `auth_type = any` every client becomes the user that the database entry names.
        let text = settings.replacingOccurrences(of: "port=\(server.port)", with: "port=\(server.port) user=postgres")
        try text.write(toFile: "\(folder)/pgbouncer.ini", atomically: true, encoding: .utf8)
        let process = try ChildProcess(
            PostgresPrograms.asOwner([program, "\(folder)/pgbouncer.ini"]), output: "\(folder)/log")
        let pooler = PgBouncer(port: port, folder: folder, process: process)
        let end = ContinuousClock.now + .seconds(20)
        let probe = Command([
            "psql", "-X", "-q", "-A", "-t", "-d", "host=127.0.0.1 port=\(port) user=postgres dbname=postgres", "-c",
            "select 1",
        ])
        while (try? await probe.run()) == nil {
            guard ContinuousClock.now < end else {
                let log = (try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)) ?? ""
                pooler.stop()
                throw Command.Failure(description: "pgbouncer does not start: \(log)")
            }
        }
        return pooler
    }

    /// Stops it.
    func stop() {
        process.signal(SIGTERM)
        process.wait()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
