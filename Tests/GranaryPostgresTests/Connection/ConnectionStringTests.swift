import GranaryCore
import Testing

@testable import GranaryPostgres

/// Passwords are never shown.
@Suite struct ConnectionStringTests {
    @Test(arguments: [
        "postgresql://shop:s3cr%40t%2Fx@db.example:5433/shop?sslmode=verify-full",
        "host=db.example port=5433 user=shop password='s3cr@t/x' dbname=shop sslmode=verify-full",
    ])
    func aDescriptionHidesThePassword(text: String) throws {
        let connection = try ConnectionString(text)
        for shown in [
            connection.description, "\(connection)", String(reflecting: connection),
            "\(Mirror(reflecting: connection).children.map { "\($0)" })",
        ] {
            #expect(!shown.contains("s3cr"))
            #expect(shown.contains("***"))
            #expect(shown.contains("host=db.example"))
            #expect(shown.contains("port=5433"))
        }
        let configuration = PostgresConfiguration(text)
        var dumped = ""
        dump(configuration, to: &dumped)
        for shown in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!shown.contains("s3cr"))
        }
    }

    @Test func messagesLoseThePasswordInAllItsForms() throws {
        let uri = "postgresql://shop:s3cr%40t%2Fx@db.example/shop"
        let connection = try ConnectionString(uri)
        let message = connection.redacting("failed for \(uri)\nwith s3cr@t/x or s3cr%40t%2Fx\n")
        #expect(message == "failed for postgresql://shop:***@db.example/shop; with *** or ***")
        #expect(!message.contains("s3cr"))
    }

    @Test(arguments: [
        "postgresql://shop:s3cr%zzt@db/shop", "host=db password='s3cret", "host=db s3cret",
        "postgresql://shop:s3cret@[db/shop", "postgresql://shop:s3cret@db/shop?nosuchoption=1",
    ])
    func anUnreadableStringIsRefusedWithoutBeingRepeated(text: String) {
        let error = #expect(throws: StorageError.self) { try ConnectionString(text) }
        #expect(error?.code == .configuration)
        #expect(error.map { !"\($0)".contains("s3cr") } == true)
    }

    @Test func withoutAPasswordNothingIsReplaced() throws {
        let connection = try ConnectionString("host=/tmp dbname=shop")
        #expect(connection.redacting("no such file: /tmp") == "no such file: /tmp")
        #expect(connection.description == "host=/tmp dbname=shop" || connection.description == "dbname=shop host=/tmp")
    }
}
