import Foundation
import GranaryTestSupport
import Testing

@testable import GranaryPostgres

@Suite("Schemas of earlier releases")
struct SchemaUpgradeTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Schemas").path

    /// The dumps, one for each release that changed the schema.
    static let dumps = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".sql") }.sorted()

    @Test("There is a dump of the first release")
    func thereAreDumps() { #expect(!Self.dumps.isEmpty) }

    @Test("end up the same as a fresh database when they are upgraded", arguments: dumps)
    func endUpTheSame(_ dump: String) async throws {
        let server = try await PostgresServer.shared()
        let upgraded = try await server.makeDatabase(isMigrated: false)
        try await Command(
            ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", upgraded.conninfo, "-f", "\(Self.folder)/\(dump)"]
        ).run()
        try await Migrator(upgraded.conninfo).apply()
        let fresh = try await server.makeDatabase(isMigrated: false)
        try await Migrator(fresh.conninfo).apply()
        #expect(try await contents(of: upgraded) == contents(of: fresh))
        #expect(try await Migrator(upgraded.conninfo).status().isCurrent)
    }

    /// The schema as `pg_dump` writes it, without the random word that newer versions put into it, and the ledger.
    private func contents(of database: TestDatabase) async throws -> [String] {
        let schema = try await Command(
            ["pg_dump", "--schema-only", "--schema", "granary", "-d", database.conninfo]
        ).run()
        let lines = schema.split(separator: "\n").map(String.init).filter {
            !$0.hasPrefix(#"\restrict "#) && !$0.hasPrefix(#"\unrestrict "#)
        }
        let ledger = try await database.psql("select number, name, checksum from granary.migration order by number")
        return lines + [ledger]
    }
}
