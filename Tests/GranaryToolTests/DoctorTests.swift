import Foundation
import GranaryPostgres
import GranaryTestSupport
import Testing

@Suite("granary doctor")
struct DoctorTests {
    @Test("finds nothing wrong with a fresh database")
    func fresh() async throws {
        let database = try await PostgresServer.shared().makeDatabase()
        let outcome = try await Tool.run("doctor", "--postgres", database.conninfo)
        #expect(outcome.status == 0)
        #expect(outcome.lines.count == 4)
        #expect(outcome.lines.allSatisfy { $0.hasPrefix("good ") })
    }

    @Test("names the command where the schema is missing")
    func missingSchema() async throws {
        let database = try await PostgresServer.shared().makeDatabase(isMigrated: false)
        let outcome = try await Tool.run("doctor", "--postgres", database.conninfo)
        #expect(outcome.status == 2)
        #expect(outcome.lines.last?.hasPrefix("FAULT  schema") == true)
        #expect(outcome.lines.last?.contains("granary migrate --postgres") == true)
    }

    @Test("finds a role whose commits are not durable")
    func notDurable() async throws {
        let database = try await PostgresServer.shared().makeDatabase()
        try await database.psql("alter database \(database.name) set synchronous_commit = off")
        let outcome = try await Tool.run("doctor", "--postgres", database.conninfo)
        #expect(outcome.status == 2)
        #expect(outcome.lines.last?.hasPrefix("FAULT  durability") == true)
        #expect(outcome.lines.last?.contains("synchronous_commit") == true)
    }

    @Test("tells a silo that renews its lease from one that does not", .timeLimit(.minutes(1)))
    func silos() async throws {
        let database = try await PostgresServer.shared().makeDatabase()
        let alive = try await database.addActiveMember(named: "alive")
        _ = try await database.addActiveMember(named: "silent")
        let outcome = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // Renews until it is cancelled, which is when the doctor is done.
                while !Task.isCancelled { try await database.psql("select from granary.renew(\(alive), 0)") }
            }
            let outcome = try await Tool.run("doctor", "--json", "--postgres", database.conninfo)
            group.cancelAll()
            return outcome
        }
        #expect(outcome.status == 2)
        let silos = try #require(try outcome.json()["silos"] as? [[String: Any]])
        #expect(silos.map { $0["name"] as? String } == ["alive", "silent"])
        #expect(silos.map { $0["isRenewing"] as? Bool } == [true, false])
    }

    @Test("says that it cannot connect")
    func unreachable() async throws {
        let outcome = try await Tool.run("doctor", "--postgres", "host=/nowhere-at-all")
        #expect(outcome.status == 1)
        #expect(outcome.lines.count == 1)
        #expect(outcome.lines.first?.contains("cannot be reached") == true)
    }
}
