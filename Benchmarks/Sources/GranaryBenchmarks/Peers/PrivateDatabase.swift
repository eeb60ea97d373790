import ArgumentParser
import GranaryPostgres
import Subprocess

/// A database of a benchmark's own, beside the one that `--postgres` names: nobody else's silos and rows are in it.
struct PrivateDatabase {
    /// Its connection string.
    let url: String

    /// Makes a database with Granary's schema, and drops it afterwards.
    static func with(on server: String, _ body: (PrivateDatabase) async throws -> Void) async throws {
        let name = "granary_benchmark_\(UInt32.random(in: 0 ... .max))"
        try await run("create database \(name)", on: server)
        // What comes last counts, in a URI as well as in keywords and values.
        let setting = "dbname=\(name)"
        let database = PrivateDatabase(
            url: server.contains("://")
                ? "\(server)\(server.contains("?") ? "&" : "?")\(setting)" : "\(server) \(setting)")
        let result: Result<Void, any Error>
        do {
            try await Migrator(database.url).apply()
            try await body(database)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try? await run("drop database \(name) with (force)", on: server)
        try result.get()
    }

    private static func run(_ sql: String, on server: String) async throws {
        let result = try await Subprocess.run(
            .name("psql"), arguments: ["-X", "-q", "-c", sql, server], output: .discarded,
            error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else {
            throw ValidationError("psql failed: \(result.standardError)")
        }
    }
}
