import Foundation
import GranaryCore
import GranaryTestSupport
import GranaryTesting
import Testing

@testable import GranaryPostgres

extension PrivateServerTests {
    /// Servers that crash, freeze or move.
    @Suite(.timeLimit(.minutes(5))) struct ServerFaultTests {
        @Test func aServerThatCrashesUnderLoadLosesNothingThatWasAcknowledged() async throws {
            let server = try await PostgresServer.make()
            try await Fixture.with(server) { fixture in
                let acknowledged = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
                    for writer in 0..<40 {
                        group.addTask {
                            var etag: ETag?
                            var value = 0
                            // As often as it takes: the server may be away for longer than a save waits.
                            while value < 200 {
                                let save = StateSave.one("w\(writer)", "\(value + 1)", expected: etag)
                                do {
                                    guard try await fixture.store.save(save) == .saved else { break }
                                    etag = save.next
                                    value += 1
                                } catch let error as StorageError {
                                    // Nothing was written: the same writer may go on with what it had.
                                    try #require(error.code == .unavailable, "\(error)")
                                }
                            }
                            return (writer, value)
                        }
                    }
                    for _ in 0..<3 {
                        let before = try? await fixture.database.psql(
                            "select coalesce(sum(data::int), 0) from granary.state")
                        while (try? await fixture.database.psql("select coalesce(sum(data::int), 0) from granary.state"))
                            == before
                        {}
                        try await server.stop(mode: "immediate")
                        try await server.start()
                    }
                    return try await group.reduce(into: [Int: Int]()) { $0[$1.0] = $1.1 }
                }
                for (writer, value) in acknowledged {
                    let record = try await fixture.store.load(.one("w\(writer)"))[0]
                    #expect(record.text == "\(value)")
                    #expect(value == 200)
                }
            }
        }

        @Test func `a session that lost what it prepared goes on without`() async throws {
            try await Fixture.with { fixture in
                var etag: ETag?
                func save(_ numbers: ClosedRange<Int>) async throws {
                    for number in numbers {
                        let save = StateSave.one("a", "\(number)", expected: etag)
                        #expect(try await fixture.store.save(save) == .saved)
                        #expect(try await fixture.store.load(.one("a"))[0].text == "\(number)")
                        etag = save.next
                    }
                }
                try await save(1...3)
                let prepared = try await PreparedStatements(in: fixture.database, forgetting: true)
                try await save(4...6)
                #expect(try await prepared.most() != "0")
                // From now on it prepares nothing, so nothing can be thrown away.
                try await save(7...9)
                #expect(try await prepared.most() == "0")
            }
        }

        @Test func aServerThatIsAwayGivesATypedErrorInTimeAndIsFoundAgain() async throws {
            let server = try await PostgresServer.make()
            try await Fixture.with(server, { $0.acquireTimeout = .milliseconds(300) }) { fixture in
                #expect(try await fixture.store.save(.one("a", "1")) == .saved)
                try await server.stop()
                for attempt in [
                    { _ = try await fixture.store.save(.one("b", "1")) },
                    { _ = try await fixture.store.load(.one("a")) },
                    { _ = try await fixture.connection.membership.read() },
                ] as [() async throws -> Void] {
                    let error = await #expect(throws: StorageError.self) { try await attempt() }
                    #expect(error?.code == .unavailable)
                }
                try await server.start()
                let end = ContinuousClock.now + .seconds(30)
                while (try? await fixture.store.load(.one("a"))[0].text) != "1" {
                    try #require(ContinuousClock.now < end)
                }
                #expect(try await fixture.store.save(.one("b", "1")) == .saved)
            }
        }

        @Test func aFrozenServerBlocksNoOtherTaskAndIsGivenUpInTime() async throws {
            let server = try await PostgresServer.make()
            let configure: (inout PostgresConfiguration) -> Void = { configuration in
                configuration.statementTimeout = .milliseconds(500)
                configuration.acquireTimeout = .seconds(1)
                configuration.connectTimeout = .seconds(2)
            }
            let log = LogRecorder()
            try await Fixture.with(server, logger: log.logger, configure) { fixture in
                #expect(try await fixture.store.save(.one("a", "1")) == .saved)
                try server.signal(SIGSTOP)
                let save = StateSave.one("frozen", "1")
                async let outcome = fixture.store.save(save)
                // It was sent, and its connection is given up.
                await log.messages.wait(for: "PostgreSQL connection closed")
                let clock = ContinuousClock()
                let began = clock.now
                // Far more callers than Swift has threads; if any of them blocked one, nothing else would run.
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<100 {
                        group.addTask {
                            let error = await #expect(throws: StorageError.self) {
                                try await fixture.store.load(.one("k\(number)"))
                            }
                            #expect(error?.code == .unavailable)
                        }
                    }
                    for _ in 0..<100 {
                        let start = clock.now
                        await Task.yield()
                        #expect(clock.now - start < .seconds(1))
                    }
                    try await group.waitForAll()
                }
                #expect(clock.now - began < .seconds(30))
                try server.signal(SIGCONT)
                // The save itself is not given up: it goes again until its outcome is known.
                #expect(try await outcome == .saved)
                #expect(try await fixture.store.load(.one("frozen"))[0].etag == save.next)
            }
        }

        @Test func aStatementThatTakesTooLongIsCancelledAndItsConnectionReplaced() async throws {
            let database = try await PostgresServer.shared().makeDatabase()
            var configuration = PostgresConfiguration(database.conninfo)
            configuration.maxConnections = 1
            let engine = try PostgresEngine(configuration, context: Fixture.context)
            let statement = Statement(
                sql: "select pg_sleep(600)", parameters: ParameterBuffer(), timeout: .milliseconds(200),
                patience: .seconds(5))
            await #expect(throws: StatementFailure.self) { try await engine.run(statement) }
            let others = Statement(
                sql: "select count(*) from pg_stat_activity where query = 'select pg_sleep(600)' and state = 'active'",
                parameters: ParameterBuffer(), timeout: .seconds(5), patience: .seconds(5))
            let end = ContinuousClock.now + .seconds(30)
            while try await engine.run(others).int64(0, 0) != 0 { try #require(ContinuousClock.now < end) }
            await engine.close()
        }

        @Test func ofSeveralHostsTheOneThatTakesWritesIsFound() async throws {
            let rules = ["host all all 127.0.0.1/32 trust"]
            let primary = try await PostgresServer.make(hostRules: rules, listensOnLoopback: true)
            // A standby answers and lets one read, but takes no writes.
            let standby = try await PostgresServer.make(
                hostRules: rules, listensOnLoopback: true, files: ["standby.signal": ""])
            #expect(try await standby.psql("select pg_is_in_recovery()") == "t")
            let dead = try FreePort.find()
            let hosts = [dead, standby.port, primary.port].map { "127.0.0.1:\($0)" }.joined(separator: ",")
            // The one database that both have.
            let conninfo = "postgresql://postgres@\(hosts)/postgres"
            // The migrator finds the primary, too.
            #expect(try await Migrator(conninfo).apply() == Migration.all)
            let silo = try await TestDatabase(name: "postgres", server: primary).addActiveMember()
            let connection = try await PostgresBackend.postgres(conninfo).connect(Fixture.context)
            let outcome = try await connection.stateStore(writingAs: silo).save(.one("a", "1"))
            #expect(outcome == .saved)
            await connection.close()
        }
    }
}
