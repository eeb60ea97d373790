import GranaryTestSupport
import Testing

@testable import GranaryPostgres

@Suite("The migrator on PostgreSQL")
struct MigratorTests {
    /// Two small steps after the real first one, which makes the ledger.
    private static let steps = [
        Migration.all[0],
        Migration(number: 2, name: "0002_a", sql: "create table granary.a (n int);\n"),
        Migration(number: 3, name: "0003_b", sql: "create table granary.b ();\ninsert into granary.a values (1);\n"),
    ]

    private func emptyDatabase() async throws -> TestDatabase {
        try await PostgresServer.shared().makeDatabase(isMigrated: false)
    }

    private func ledger(_ database: TestDatabase) async throws -> String {
        try await database.psql("select string_agg(number::text, ',' order by number) from granary.migration")
    }

    /// The error that a migrator ends with.
    private func failure(of migrator: Migrator) async throws -> MigrationError {
        try await #require(throws: MigrationError.self) { try await migrator.apply() }
    }

    @Test("applies everything to an empty database, once")
    func appliesEverything() async throws {
        let database = try await emptyDatabase()
        let migrator = try Migrator(database.conninfo)
        #expect(try await migrator.apply() == Migration.all)
        #expect(try await migrator.apply() == [])
        let status = try await migrator.status()
        #expect(status.isCurrent)
        #expect(status.entries.map(\.name) == Migration.all.map(\.name))
        #expect(status.entries.allSatisfy { $0.state == .applied && $0.appliedAt?.count == 20 })
        let checksums = try await database.psql("select checksum from granary.migration order by number")
        #expect(checksums.split(separator: "\n").map(String.init) == Migration.all.map(\.checksum))
    }

    @Test("applies each file once when ten start at once", .timeLimit(.minutes(2)))
    func tenAtOnce() async throws {
        let database = try await emptyDatabase()
        let applied = try await withThrowingTaskGroup(of: [Migration].self) { group in
            for _ in 0..<10 {
                group.addTask { try await Migrator(database.conninfo, migrations: Self.steps).apply() }
            }
            var all: [Migration] = []
            for try await some in group { all += some }
            return all
        }
        #expect(applied.map(\.number).sorted() == [1, 2, 3])
        #expect(try await ledger(database) == "1,2,3")
        #expect(try await database.psql("select count(*) from granary.a") == "1")
    }

    @Test("tells what is pending, and changes nothing by telling")
    func statusChangesNothing() async throws {
        let database = try await emptyDatabase()
        let migrator = try Migrator(database.conninfo, migrations: Self.steps)
        let before = try await database.psql("select count(*) from pg_class; select count(*) from pg_namespace")
        let status = try await migrator.status()
        #expect(status.pending == Self.steps)
        #expect(status.entries.map(\.state) == [.pending, .pending, .pending])
        #expect(try await database.psql("select count(*) from pg_class; select count(*) from pg_namespace") == before)
    }

    @Test("goes on where an older program stopped")
    func goesOn() async throws {
        let database = try await emptyDatabase()
        try await Migrator(database.conninfo, migrations: Array(Self.steps.prefix(1))).apply()
        let applied = try await Migrator(database.conninfo, migrations: Self.steps).apply()
        #expect(applied == Array(Self.steps.dropFirst()))
    }

    @Test("refuses a text that was edited after it was applied")
    func refusesEdits() async throws {
        let database = try await emptyDatabase()
        try await Migrator(database.conninfo, migrations: Array(Self.steps.prefix(2))).apply()
        var edited = Self.steps
        edited[1] = Migration(number: 2, name: "0002_a", sql: "create table granary.a (n bigint);\n")
        let error = try await failure(of: Migrator(database.conninfo, migrations: edited))
        #expect(error.code == .edited)
        #expect(try await ledger(database) == "1,2")
    }

    @Test("refuses a ledger with a gap")
    func refusesGaps() async throws {
        let database = try await emptyDatabase()
        try await Migrator(database.conninfo, migrations: Self.steps).apply()
        try await database.psql("delete from granary.migration where number = 2")
        let error = try await failure(of: Migrator(database.conninfo, migrations: Self.steps))
        #expect(error.code == .gap)
        #expect(try await ledger(database) == "1,3")
    }

    @Test("refuses a database that a newer program migrated")
    func refusesNewer() async throws {
        let database = try await emptyDatabase()
        try await Migrator(database.conninfo, migrations: Self.steps).apply()
        let error = try await failure(of: Migrator(database.conninfo, migrations: Array(Self.steps.prefix(2))))
        #expect(error.code == .newer)
    }

    @Test("refuses a schema granary that somebody else made")
    func refusesForeignSchemas() async throws {
        let database = try await emptyDatabase()
        try await database.psql("create schema granary; create table granary.state (id int)")
        let error = try await failure(of: Migrator(database.conninfo))
        #expect(error.code == .foreign)
    }

    @Test("takes an empty schema that an administrator made")
    func takesEmptySchemas() async throws {
        let database = try await emptyDatabase()
        try await database.psql("create schema granary")
        #expect(try await Migrator(database.conninfo).apply() == Migration.all)
    }

    @Test("leaves nothing of a migration whose connection is cut, and finishes it later")
    func leavesAllOrNothing() async throws {
        let database = try await emptyDatabase()
        var cut = Self.steps
        cut[2] = Migration(
            number: 3, name: "0003_b",
            sql: "create table granary.b (n int); select pg_terminate_backend(pg_backend_pid()); select 1;\n")
        let error = try await failure(of: Migrator(database.conninfo, migrations: cut))
        #expect(error.code == .unavailable)
        #expect(error.message.contains("0003_b"))
        #expect(try await ledger(database) == "1,2")
        #expect(try await database.psql("select to_regclass('granary.b') is null") == "t")
        // It was never applied, so its text may still change.
        #expect(try await Migrator(database.conninfo, migrations: Self.steps).apply() == [Self.steps[2]])
    }

    @Test("keeps what was applied before a migration that the database refuses, and names its line")
    func keepsEarlierMigrations() async throws {
        let database = try await emptyDatabase()
        var broken = Self.steps
        broken[2] = Migration(
            number: 3, name: "0003_b", sql: "create table granary.b (n int);\n\nselect nothing from nowhere;\n")
        let error = try await failure(of: Migrator(database.conninfo, migrations: broken))
        #expect(error.code == .failed)
        #expect(error.message.contains("0003_b") && error.message.contains("line 3"))
        #expect(error.message.contains("nowhere"))
        #expect(try await ledger(database) == "1,2")
        #expect(try await database.psql("select to_regclass('granary.b') is null") == "t")
    }

    @Test("refuses a file that ends its own transaction")
    func refusesCommits() async throws {
        let database = try await emptyDatabase()
        var committing = Self.steps
        committing[1] = Migration(number: 2, name: "0002_a", sql: "create table granary.a (n int); commit; begin;\n")
        let error = try await failure(of: Migrator(database.conninfo, migrations: committing))
        #expect(error.code == .failed)
        #expect(error.message.contains("ends its transaction"))
        #expect(try await ledger(database) == "1")
    }

    @Test("gives up when a table stays locked, and says so", .timeLimit(.minutes(2)))
    func givesUpOnLocks() async throws {
        let database = try await emptyDatabase()
        try await Migrator(database.conninfo, migrations: Array(Self.steps.prefix(1))).apply()
        let holder = try LibPQSession(ConnectionString(database.conninfo))
        _ = try holder.run("begin; lock table granary.member in access share mode")
        var altering = Self.steps
        altering[1] = Migration(number: 2, name: "0002_a", sql: "alter table granary.member add column extra int;\n")
        let patient = try Migrator(database.conninfo, migrations: altering, patience: .seconds(1))
        let error = try await failure(of: patient)
        #expect(error.code == .busy)
        #expect(try await ledger(database) == "1")
        _ = try holder.run("rollback")
    }

    @Test("gives up when another migration does not end, and says so", .timeLimit(.minutes(2)))
    func givesUpOnOthers() async throws {
        let database = try await emptyDatabase()
        let holder = try LibPQSession(ConnectionString(database.conninfo))
        _ = try holder.run("begin; select pg_advisory_xact_lock(1198678382, 6386297)")
        let error = try await failure(of: Migrator(database.conninfo, migrations: Self.steps, patience: .seconds(1)))
        #expect(error.code == .busy)
        #expect(error.message.contains("Another migration"))
        _ = try holder.run("rollback")
    }

    @Test("is not cut by the time limits of its role")
    func ignoresTheRolesLimits() async throws {
        let database = try await emptyDatabase()
        try await database.psql(
            "alter database \(database.name) set statement_timeout = '200ms'; "
                + "alter database \(database.name) set default_transaction_read_only = on")
        var slow = Self.steps
        slow[1] = Migration(number: 2, name: "0002_a", sql: "select pg_sleep(0.5); create table granary.a (n int);\n")
        #expect(try await Migrator(database.conninfo, migrations: slow).apply().count == 3)
    }

    @Test("names the missing right of a role that may not migrate")
    func namesMissingRights() async throws {
        let database = try await emptyDatabase()
        let role = "r_" + database.name
        try await database.psql("create role \(role) login")
        let error = try await failure(of: Migrator(database.conninfo(user: role)))
        #expect(error.code == .denied)
        #expect(error.message.contains("permission denied"))
        try await database.psql("drop role \(role)")
    }
}
