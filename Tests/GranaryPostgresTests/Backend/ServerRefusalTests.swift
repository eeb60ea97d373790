import GranaryCore
import GranaryTestSupport
import Testing

@testable import GranaryPostgres

extension PrivateServerTests {
    /// Servers that cannot keep a promise are refused at connect, with words on what to do.
    @Suite struct ServerRefusalTests {
        private func refusal(_ conninfo: String) async throws -> StorageError {
            let error = await #expect(throws: StorageError.self) {
                let connection = try await PostgresBackend.postgres(conninfo).connect(Fixture.context)
                await connection.close()
            }
            return try #require(error)
        }

        @Test func aDatabaseWithoutTheSchemaNamesTheCommand() async throws {
            let database = try await PostgresServer.shared().makeDatabase(isMigrated: false)
            let error = try await refusal(database.conninfo)
            #expect(error.code == .schema)
            #expect(error.message.contains("granary migrate"))
        }

        @Test func aRoleWithoutSynchronousCommitIsRefused() async throws {
            let database = try await PostgresServer.shared().makeDatabase()
            try await database.psql("alter database \(database.name) set synchronous_commit = off")
            let error = try await refusal(database.conninfo)
            #expect(error.code == .configuration)
            #expect(error.message.contains("set synchronous_commit = on"))
        }

        @Test func anotherIsolationLevelIsRefused() async throws {
            let database = try await PostgresServer.shared().makeDatabase()
            try await database.psql(
                "alter database \(database.name) set default_transaction_isolation = 'serializable'")
            let error = try await refusal(database.conninfo)
            #expect(error.code == .configuration)
            #expect(error.message.contains("default_transaction_isolation"))
        }

        @Test func aServerWithoutFsyncIsRefused() async throws {
            let server = try await PostgresServer.make(settings: ["fsync": "off"])
            let error = try await refusal(server.conninfo)
            #expect(error.code == .configuration)
            #expect(error.message.contains("fsync = on"))
        }

        @Test func aStandbyIsRefused() async throws {
            let server = try await PostgresServer.make(files: ["standby.signal": ""])
            let error = try await refusal(server.conninfo)
            #expect(error.code == .configuration)
            #expect(error.message.contains("standby"))
        }

        @Test func aDatabaseThatIsNotThereIsASettingOfOurs() async throws {
            let server = try await PostgresServer.shared()
            let error = try await refusal(TestDatabase(name: "nosuch", server: server).conninfo)
            #expect(error.code == .configuration)
            #expect(error.message.contains("nosuch"))
        }

        @Test func aServerThatIsNotThereIsUnavailable() async throws {
            let error = try await refusal(
                "host=127.0.0.1 port=\(try FreePort.find()) user=shop password=s3cret dbname=shop")
            #expect(error.code == .unavailable)
            #expect(!"\(error)".contains("s3cret"))
        }

        @Test func aWrongPasswordIsASettingOfOursAndIsNotRepeated() async throws {
            let server = try await PostgresServer.make(
                hostRules: ["host all all 127.0.0.1/32 scram-sha-256"], listensOnLoopback: true)
            let error = try await refusal(
                "postgresql://postgres:s3cr%40t@127.0.0.1:\(server.port)/postgres?application_name=s3cr%40t")
            #expect(error.code == .configuration)
            #expect(!"\(error)".contains("s3cr"))
        }
    }
}
