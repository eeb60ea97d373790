import Foundation
import GranaryCore
import GranaryTestSupport
import GranaryTesting
import Testing

@testable import GranaryPostgres

extension PrivateServerTests {
    /// What stands between a silo and its database: TLS, and a pooler.
    @Suite(.timeLimit(.minutes(5))) struct TransportTests {
        @Test func withTLSTheServerMustShowACertificateOfTheNamedAuthority() async throws {
            let authority = try await TestCertificates.make()
            let other = try await TestCertificates.make()
            defer {
                authority.remove()
                other.remove()
            }
            let server = try await PostgresServer.make(
                settings: ["ssl": "on"], hostRules: ["hostssl all all 127.0.0.1/32 trust"], listensOnLoopback: true,
                files: ["server.crt": authority.certificate, "server.key": authority.key])
            func conninfo(_ database: TestDatabase, _ host: String, _ root: String) -> String {
                "host=\(host) hostaddr=127.0.0.1 port=\(server.port) user=postgres dbname=\(database.name) "
                    + "sslmode=verify-full sslrootcert=\(root)"
            }
            try await Fixture.with(server, conninfo: { conninfo($0, "localhost", authority.rootPath) }) { fixture in
                let outcome = try await fixture.store.save(.one("a", "1"))
                #expect(outcome == .saved)
                for wrong in [
                    conninfo(fixture.database, "localhost", other.rootPath),
                    conninfo(fixture.database, "db.example", authority.rootPath),
                ] {
                    let error = await #expect(throws: StorageError.self) {
                        let connection = try await PostgresBackend.postgres(wrong).connect(Fixture.context)
                        await connection.close()
                    }
                    #expect(error?.code == .configuration)
                }
            }
        }

        @Test func everythingPassesATransactionPooler() async throws {
            let server = try await PostgresServer.make(
                hostRules: ["host all all 127.0.0.1/32 trust"], listensOnLoopback: true)
            let pooler = try await PgBouncer.start(before: server)
            defer { pooler.stop() }
            let conninfo: (TestDatabase) -> String = { database in
                "host=127.0.0.1 port=\(pooler.port) user=postgres dbname=\(database.name)"
            }
            try await Fixture.with(server, conninfo: conninfo) { fixture in
                let prepared = try await PreparedStatements(in: fixture.database)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<50 {
                        group.addTask {
                            var etag: ETag?
                            for number in 1...10 {
                                let save = StateSave.one("w\(writer)", "\(number)", expected: etag)
                                let outcome = try await fixture.store.save(save)
                                #expect(outcome == .saved)
                                etag = save.next
                                let record = try await fixture.store.load(.one("w\(writer)"))[0]
                                #expect(record.etag == etag)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                // What one session prepares, the next statement may not find in its own.
                #expect(try await prepared.most() == "0")
                let membership = fixture.connection.membership
                let view = try await membership.read()
                #expect(try await membership.renew(fixture.silo, released: view.number).status == .active)
                let new = try await membership.declareDead(
                    [fixture.silo], view: view.number, reason: "test", proven: false)
                #expect(new == view.number + 1)
                #expect(try await fixture.store.save(.one("late", "1")) == .fenced)
            }
        }

        @Test func behindATransactionPoolerNobodyListensUnlessTheServerIsNamed() async throws {
            let server = try await PostgresServer.make(
                hostRules: ["host all all 127.0.0.1/32 trust"], listensOnLoopback: true)
            let pooler = try await PgBouncer.start(before: server)
            defer { pooler.stop() }
            let conninfo: (TestDatabase) -> String = { database in
                "host=127.0.0.1 port=\(pooler.port) user=postgres dbname=\(database.name)"
            }
            let log = LogRecorder()
            try await Fixture.with(server, conninfo: conninfo, logger: log.logger) { fixture in
                let told = EventRecorder<Int64>()
                let watch = fixture.connection.membership.watch { told.record($0) }
                await log.messages.wait { $0.contains { $0.hasPrefix("a pooler stands before PostgreSQL") } }
                let view = try await fixture.connection.membership.read().number
                let new = try await fixture.connection.membership.declareDead(
                    [fixture.silo], view: view, reason: "test", proven: false)
                #expect(try await fixture.connection.membership.read().number == new)
                let query = "select count(*) from pg_stat_activity where query ilike 'listen%'"
                #expect(try await fixture.database.psql(query) == "0")
                #expect(told.all.isEmpty)
                watch?.cancel()

                let direct = PostgresBackend.postgres(conninfo(fixture.database)) {
                    $0.listenConnectionString = fixture.database.conninfo
                }
                let connection = try await direct.connect(Fixture.context)
                let other = connection.membership.watch { told.record($0) }
                await told.wait { $0.contains(view + 1) }
                _ = try await fixture.database.addActiveMember(named: "another")
                await told.wait { $0.contains(view + 3) }
                other?.cancel()
                await connection.close()
            }
        }

        @Test func withoutAConnectionToListenOnAllElseWorks() async throws {
            let log = LogRecorder()
            try await Fixture.with(
                logger: log.logger, { $0.listenConnectionString = "postgresql://user:geheim@127.0.0.1:1/nowhere" }
            ) { fixture in
                let told = EventRecorder<Int64>()
                let watch = fixture.connection.membership.watch { told.record($0) }
                await log.messages.wait { $0.contains { $0.hasPrefix("PostgreSQL does not tell of changes") } }
                let view = try await fixture.connection.membership.read().number
                #expect(try await fixture.connection.membership.renew(fixture.silo, released: view).view == view)
                #expect(try await fixture.store.save(.one("a", "1")) == .saved)
                #expect(told.all.isEmpty)
                watch?.cancel()
            }
            #expect(!log.details.all.contains { $0.contains("geheim") })
            #expect(log.details.all.contains { $0.contains("127.0.0.1") })
        }
    }
}
