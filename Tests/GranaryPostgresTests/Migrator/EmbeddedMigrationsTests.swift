import Foundation
import Testing

@testable import GranaryPostgres

@Suite("The list of migrations in the library")
struct EmbeddedMigrationsTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Migrations")

    @Test("is the folder Migrations, byte for byte")
    func isTheFolder() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
        #expect(files == Migration.all.map { $0.name + ".sql" }, "run scripts/embed-migrations")
        for migration in Migration.all {
            let text = try Data(contentsOf: Self.folder.appendingPathComponent(migration.name + ".sql"))
            #expect(Data(migration.sql.utf8) == text, "\(migration.name) differs: run scripts/embed-migrations")
        }
    }

    @Test("has numbers without gaps, which the names repeat")
    func hasNumbersWithoutGaps() {
        #expect(!Migration.all.isEmpty)
        #expect(MigrationHistory.gap(in: Migration.all) == nil)
        for migration in Migration.all {
            #expect(migration.name.prefix(4) == String(String(10_000 + migration.number).dropFirst()))
        }
    }

    @Test("has the checksum that sha256sum prints")
    func hasStandardChecksums() {
        let migration = Migration(number: 1, name: "0001_x", sql: "abc")
        #expect(migration.checksum == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
