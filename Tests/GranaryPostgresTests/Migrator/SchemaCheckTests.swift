import GranaryCore
import GranaryTestSupport
import Testing

@testable import GranaryPostgres

@Suite("A silo meets a schema")
struct SchemaCheckTests {
    private func connect(_ database: TestDatabase) async throws {
        let connection = try await PostgresBackend.postgres(database.conninfo).connect(Fixture.context)
        await connection.close()
    }

    private func refusal(_ database: TestDatabase) async throws -> StorageError {
        try await #require(throws: StorageError.self) { try await connect(database) }
    }

    @Test("that is as it knows it: it connects")
    func current() async throws {
        let database = try await PostgresServer.shared().makeDatabase(isMigrated: false)
        try await Migrator(database.conninfo).apply()
        try await connect(database)
    }

    @Test("that is missing: it names the command that makes it")
    func missing() async throws {
        let database = try await PostgresServer.shared().makeDatabase(isMigrated: false)
        let error = try await refusal(database)
        #expect(error.code == .schema)
        #expect(error.message.contains("no Granary schema"))
        #expect(error.message.contains("granary migrate --postgres '"))
        #expect(error.message.contains("dbname=\(database.name)"))
    }

    @Test("that is empty: it names the command that fills it")
    func empty() async throws {
        let database = try await PostgresServer.shared().makeDatabase(isMigrated: false)
        try await database.psql("create schema granary")
        #expect(try await refusal(database).message.contains("granary migrate --postgres"))
    }

    @Test("that is older: it names the command that brings it up to date")
    func older() async throws {
        let database = try await PostgresServer.shared().makeDatabase(isMigrated: false)
        try await Migrator(database.conninfo, migrations: Array(Migration.all.dropLast())).apply()
        let error = try await refusal(database)
        #expect(error.code == .schema)
        #expect(error.message.contains("has schema \(Migration.all.count - 1), and this program needs"))
        #expect(error.message.contains("granary migrate --postgres"))
    }

    @Test("that is newer: it says which version is needed and how to look")
    func newer() async throws {
        let database = try await PostgresServer.shared().makeDatabase(isMigrated: false)
        let next = Migration.all.count + 1
        let future = Migration(number: next, name: "000\(next)_future", sql: "create table granary.future ();\n")
        try await Migrator(database.conninfo, migrations: Migration.all + [future]).apply()
        let error = try await refusal(database)
        #expect(error.code == .schema)
        #expect(error.message.contains("has schema \(next) (000\(next)_future)"))
        #expect(error.message.contains("granary migrate status --postgres"))
    }

    @Test("that was edited: it refuses")
    func edited() async throws {
        let database = try await PostgresServer.shared().makeDatabase(isMigrated: false)
        try await Migrator(database.conninfo).apply()
        try await database.psql("update granary.migration set checksum = 'x' where number = 1")
        let error = try await refusal(database)
        #expect(error.code == .schema)
        #expect(error.message.contains("never edited"))
    }

    @Test("whose address holds a password: the message does not")
    func hidesPasswords() throws {
        let address = try ConnectionString("postgresql://me:hush-hush@db.example/shop").description
        let error = try #require(throws: StorageError.self) { try SchemaCheck.judge(nil, address: address) }
        #expect(!error.message.contains("hush"))
        #expect(error.message.contains("db.example"))
    }
}
