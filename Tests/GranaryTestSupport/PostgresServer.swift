import Foundation
import Synchronization

/// A private PostgreSQL server for tests: made by `initdb` in a folder of its own, on a unix socket, durable as in
/// production, and gone with the test process, however that ends.
///
/// ```swift
/// let database = try await PostgresServer.shared().makeDatabase()
/// let backend = PostgresBackend(PostgresConfiguration(database.conninfo))
/// ```
public final class PostgresServer: Sendable {
    /// A connection string for the server's own database `postgres`, with the right to create others.
    public let conninfo: String
    /// The server's folder; `nil` for a server that the tests were given.
    public let folder: String?
    /// The port, which also names the socket.
    public let port: Int

    private let janitor: Janitor?

    private init(conninfo: String, folder: String?, port: Int, janitor: Janitor?) {
        self.conninfo = conninfo
        self.folder = folder
        self.port = port
        self.janitor = janitor
    }

    /// The folder and the name of the server's unix socket; `nil` for a server that is reached otherwise.
    public var socket: (folder: String, file: String)? {
        guard let host = conninfo.firstMatch(of: #/host=(/[^ &]+)/#)?.1 else { return nil }
        let port = conninfo.firstMatch(of: #/port=(\d+)/#)?.1 ?? "5432"
        return (String(host), ".s.PGSQL.\(port)")
    }

    // MARK: Getting one

    private static let start = SharedStart()

    /// The server that the tests of one process share: the one that `GRANARY_TEST_POSTGRES` names (a connection string
    /// with the right to create databases), or else a private one, started at first use.
    public static func shared() async throws -> PostgresServer { try await start.server() }

    private actor SharedStart {
        private var starting: Task<PostgresServer, any Error>?

        func server() async throws -> PostgresServer {
            if let given = ProcessInfo.processInfo.environment["GRANARY_TEST_POSTGRES"], !given.isEmpty {
                return PostgresServer(conninfo: given, folder: nil, port: 5432, janitor: nil)
            }
            // Unstructured because many tests wait for the one start; each of them awaits it here.
            if starting == nil { starting = Task { try await PostgresServer.make() } }
            guard let starting else { throw CancellationError() }
            return try await starting.value
        }
    }

    /// Starts a server that no other test uses, for tests that stop it or need other settings.
    ///
    /// - Parameters:
    ///   - settings: Lines of `postgresql.conf`, such as `["max_connections": "20"]`.
    ///   - hostRules: Lines of `pg_hba.conf` for connections over TCP.
    ///   - listensOnLoopback: Whether it also listens on 127.0.0.1.
    ///   - files: Files to put into the data folder, by name, such as certificates.
    public static func make(
        settings: [String: String] = [:], hostRules: [String] = [], listensOnLoopback: Bool = false,
        files: [String: String] = [:]
    ) async throws -> PostgresServer {
        // A socket's path has at most 107 bytes.
        let folder = "/tmp/granary-test-\(UUID().uuidString.prefix(8).lowercased())"
        let port = listensOnLoopback ? try FreePort.find() : 5432
        try await Command(["install", "-d", "-m", "755", "-o", PostgresPrograms.owner, folder]).run()
        let janitor = try Janitor(folder: folder)
        try await PostgresPrograms.command(
            [
                "initdb", "-D", "\(folder)/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C",
                "--no-sync",
            ]
        ).run()
        for (name, text) in files {
            let path = "\(folder)/data/\(name)"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            try await Command(["chown", PostgresPrograms.owner, path]).run()
            try await Command(["chmod", "600", path]).run()
        }
        var lines = [
            "unix_socket_directories = '\(folder)'", "port = \(port)", "max_connections = 100",
            "listen_addresses = '\(listensOnLoopback ? "127.0.0.1" : "")'",
        ]
        lines += settings.map { "\($0.key) = '\($0.value)'" }
        try append(lines, to: "\(folder)/data/postgresql.conf")
        if !hostRules.isEmpty {
            try (["local all all trust"] + hostRules + [""]).joined(separator: "\n")
                .write(toFile: "\(folder)/data/pg_hba.conf", atomically: false, encoding: .utf8)
        }
        let server = PostgresServer(
            conninfo: "host=\(folder) port=\(port) user=postgres dbname=postgres", folder: folder, port: port,
            janitor: janitor)
        try await server.start()
        return server
    }

    private static func append(_ lines: [String], to path: String) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
        try handle.close()
    }

    // MARK: Running it

    /// Starts a private server that was stopped.
    public func start() async throws {
        guard let folder else { return }
        try await PostgresPrograms.command(
            ["pg_ctl", "-D", "\(folder)/data", "-l", "\(folder)/log", "-w", "-t", "60", "-s", "start"]
        ).run()
    }

    /// Stops a private server.
    ///
    /// - Parameter mode: `fast`, or `immediate` for what a crash does.
    public func stop(mode: String = "fast") async throws {
        guard let folder else { return }
        try await PostgresPrograms.command(["pg_ctl", "-D", "\(folder)/data", "-m", mode, "-w", "-s", "stop"]).run()
    }

    /// The process identifiers of a private server and of all its sessions.
    public func processes() throws -> [Int32] {
        guard let folder,
            let text = try? String(contentsOfFile: "\(folder)/data/postmaster.pid", encoding: .utf8),
            let main = text.split(separator: "\n").first.flatMap({ Int32($0) })
        else { return [] }
        let children = (try? String(contentsOfFile: "/proc/\(main)/task/\(main)/children", encoding: .utf8)) ?? ""
        return [main] + children.split(separator: " ").compactMap { Int32($0) }
    }

    /// Sends a signal, such as `SIGSTOP`, to a private server and all its sessions.
    public func signal(_ signal: Int32) throws {
        for process in try processes() { kill(process, signal) }
    }

    // MARK: Using it

    /// Makes a fresh database.
    ///
    /// - Parameter isMigrated: Whether it gets Granary's schema.
    public func makeDatabase(isMigrated: Bool = true) async throws -> TestDatabase {
        let name = "t_\(UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased())"
        try await psql("create database \(name)")
        let database = TestDatabase(name: name, server: self)
        if isMigrated { try await database.migrate() }
        return database
    }

    /// Runs SQL as the server's administrator.
    ///
    /// - Parameters:
    ///   - sql: Any statements.
    ///   - conninfo: Another database than `postgres`.
    /// - Returns: The rows, unaligned, columns divided by `|`.
    @discardableResult
    public func psql(_ sql: String, conninfo: String? = nil) async throws -> String {
        try await Command(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", conninfo ?? self.conninfo, "-c", sql],
            environment: ["PGOPTIONS": "-c client_min_messages=warning"]
        ).run().trimmingCharacters(in: .newlines)
    }
}
