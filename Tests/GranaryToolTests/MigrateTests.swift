import Foundation
import GranaryPostgres
import GranaryTestSupport
import Testing

@Suite("granary migrate")
struct MigrateTests {
    private func emptyDatabase() async throws -> TestDatabase {
        try await PostgresServer.shared().makeDatabase(isMigrated: false)
    }

    @Test("applies what is pending, then finds nothing to do")
    func applies() async throws {
        let database = try await emptyDatabase()
        let first = try await Tool.run("migrate", "--postgres", database.conninfo)
        #expect(first.status == 0)
        #expect(first.errors.isEmpty)
        #expect(first.lines.dropLast() == Migration.all.map { "applied \($0.name)" }[...])
        let second = try await Tool.run("migrate", "--postgres", database.conninfo)
        #expect(second.status == 0)
        #expect(second.output == "nothing to do: the schema is up to date (\(Migration.all.count))\n")
    }

    @Test("takes the database from the environment, and prints JSON for programs")
    func printsJSON() async throws {
        let database = try await emptyDatabase()
        let names = Migration.all.map(\.name)
        let rehearsal = try await Tool.run("migrate", "--dry-run", "--json", address: database.conninfo)
        #expect(try rehearsal.json()["pending"] as? [String] == names)
        let applied = try await Tool.run("migrate", "--json", address: database.conninfo)
        #expect(try applied.json()["applied"] as? [String] == names)
        #expect(applied.lines.count == 1)
        let status = try await Tool.run("migrate", "status", "--json", address: database.conninfo)
        #expect(status.status == 0)
        #expect(try status.json()["current"] as? Bool == true)
        let entries = try #require(try status.json()["migrations"] as? [[String: Any]])
        #expect(entries.map { $0["name"] as? String } == names)
    }

    @Test("tries the hosts of an address in turn, on the command line and in the environment")
    func severalHosts() async throws {
        let database = try await emptyDatabase()
        let settings = "select split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port')"
        let place = try await database.psql(settings).split(separator: "|")
        let user = try await database.psql("select current_user")
        let folder = place[0].replacing("/", with: "%2F")
        // Nobody listens on port 1.
        let address = "postgresql://\(user)@127.0.0.1:1,\(folder):\(place[1])/\(database.name)"
        let migrated = try await Tool.run("migrate", "--postgres", address)
        #expect(migrated.status == 0, "\(migrated.errors)")
        #expect(migrated.lines.count == Migration.all.count + 1)
        let doctor = try await Tool.run("doctor", address: address)
        #expect(doctor.status == 0, "\(doctor.output)")
    }

    @Test("changes nothing in a dry run")
    func dryRunChangesNothing() async throws {
        let database = try await emptyDatabase()
        let outcome = try await Tool.run("migrate", "--dry-run", "--postgres", database.conninfo)
        #expect(outcome.status == 0)
        #expect(outcome.lines == Migration.all.map { "would apply \($0.name)" })
        #expect(try await database.psql("select to_regnamespace('granary') is null") == "t")
        let sql = try await Tool.run("migrate", "--dry-run", "--show-sql", "--postgres", database.conninfo)
        #expect(sql.output == Migration.all.map { "-- \($0.name)\n\($0.sql)\n" }.joined())
    }

    @Test("applies each file once when ten processes start at once", .timeLimit(.minutes(2)))
    func tenAtOnce() async throws {
        let database = try await emptyDatabase()
        // Somebody else holds the migrators' lock until all ten have found that there is something to do.
        async let holder: String? = try? await database.psql(
            "select pg_advisory_lock(1198678382, 6386297), pg_sleep(60)")
        try await database.waits(for: "granted", 1)
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<10 {
                group.addTask {
                    let outcome = try await Tool.run("migrate", "--json", "--postgres", database.conninfo)
                    #expect(outcome.status == 0, "\(outcome.errors)")
                    return try outcome.json()["applied"] as? [String] ?? []
                }
            }
            try await database.waits(for: "not granted", 10)
            try await database.psql(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid() and query like '%pg_sleep(60)%'
                """)
            var all: [String] = []
            for try await some in group { all += some }
            return all
        }
        #expect(applied.sorted() == Migration.all.map(\.name))
        _ = await holder
    }

    @Test("status lists the states, and says by its exit status what is to do")
    func status() async throws {
        let database = try await emptyDatabase()
        let before = try await Tool.run("migrate", "status", "--postgres", database.conninfo)
        #expect(before.status == 2)
        #expect(before.lines.first?.split(separator: " ").first == "MIGRATION")
        #expect(before.lines.last == "\(Migration.all.count) pending; apply with: granary migrate")
        try await database.migrate()
        let after = try await Tool.run("migrate", "status", "--postgres", database.conninfo)
        #expect(after.status == 0)
        #expect(after.lines.count == Migration.all.count + 2)
        #expect(after.lines.dropFirst().dropLast().allSatisfy { $0.contains(" applied ") })
        #expect(after.lines.last == "the schema is up to date")
    }

    @Test("refuses an edited history with an exit status of its own")
    func refusesEdits() async throws {
        let database = try await emptyDatabase()
        try await database.migrate()
        try await database.psql("update granary.migration set checksum = 'x' where number = 1")
        let status = try await Tool.run("migrate", "status", "--postgres", database.conninfo)
        #expect(status.status == 3)
        #expect(status.lines.contains { $0.hasPrefix(Migration.all[0].name) && $0.contains(" edited ") })
        let apply = try await Tool.run("migrate", "--postgres", database.conninfo)
        #expect(apply.status == 3)
        #expect(apply.errors.contains("\(Migration.all[0].name) was applied at"))
        let json = try await Tool.run("migrate", "--json", "--postgres", database.conninfo)
        #expect(try json.json()["code"] as? String == "edited")
    }

    @Test("says what is wrong with the command line")
    func usage() async throws {
        let none = try await Tool.run("migrate")
        #expect(none.status == 64)
        #expect(none.errors.contains("GRANARY_POSTGRES_URL"))
        #expect(try await Tool.run("migrate", "sideways").status == 64)
    }

    @Test("never prints a password, wherever it fails")
    func hidesPasswords() async throws {
        let addresses = [
            "postgresql://me:hush-hush@/shop?host=/nowhere", "host=/nowhere user=me password=hush-hush",
            "postgresql://me:hush-%zz-hush@/shop?host=/nowhere", "host=/nowhere password='hush-hush",
        ]
        for address in addresses {
            for command in ["migrate", "doctor"] {
                let outcome = try await Tool.run(command, "--postgres", address)
                #expect(outcome.status != 0)
                #expect(!outcome.output.contains("hush") && !outcome.errors.contains("hush"))
                #expect(!outcome.errors.isEmpty || outcome.output.contains("cannot be reached"))
            }
        }
    }
}

extension TestDatabase {
    /// Waits until so many sessions have the migrators' lock, or wait for it.
    fileprivate func waits(for grant: String, _ count: Int) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while try await psql(
            """
            select count(*) from pg_locks l join pg_database d on d.oid = l.database
            where d.datname = current_database() and l.locktype = 'advisory' and l.classid = 1198678382 and \(grant)
            """) != "\(count)"
        { try #require(ContinuousClock.now < end, "\(count) locks \(grant)") }
    }
}
