import Foundation
import GranaryTestSupport

/// PgBouncer in transaction pooling, with fewer server sessions than clients.
struct PgBouncer: Sendable {
    /// Where it listens on 127.0.0.1.
    let port: Int
    private let folder: TemporaryFolder
    private let process: ChildProcess

    private static let program = "/usr/sbin/pgbouncer"

    /// Starts one before a server that listens on 127.0.0.1.
    static func start(before server: PostgresServer) async throws -> PgBouncer {
        let folder = try TemporaryFolder("pooler")
        let port = try FreePort.find()
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
        try text.write(toFile: folder.file("pgbouncer.ini"), atomically: true, encoding: .utf8)
        let process = try ChildProcess(
            PostgresPrograms.asOwner([program, folder.file("pgbouncer.ini")]), output: folder.file("log"))
        let pooler = PgBouncer(port: port, folder: folder, process: process)
        let end = ContinuousClock.now + .seconds(20)
        let probe = Command([
            "psql", "-X", "-q", "-A", "-t", "-d", "host=127.0.0.1 port=\(port) user=postgres dbname=postgres", "-c",
            "select 1",
        ])
        while (try? await probe.run()) == nil {
            guard ContinuousClock.now < end else {
                let log = (try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? ""
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
        folder.remove()
    }
}
