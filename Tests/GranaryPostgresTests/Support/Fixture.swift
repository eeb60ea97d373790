import GranaryCore
import GranaryTestSupport
import Logging

@testable import GranaryPostgres

/// A database with one active member, and a backend connected to it.
struct Fixture: Sendable {
    let database: TestDatabase
    let silo: Int32
    let connection: any BackendConnection

    var store: any StateStore { connection.stateStore(writingAs: silo) }

    static var context: BackendContext { context(Logger(label: "test")) }

    static func context(_ logger: Logger) -> BackendContext {
        BackendContext(logger: logger, time: SystemTimeSource(), random: SystemRandomSource())
    }

    /// Runs a test on a fresh database of a server.
    static func with(
        _ server: PostgresServer? = nil, conninfo: ((TestDatabase) -> String)? = nil,
        logger: Logger = Logger(label: "test"),
        _ configure: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (Fixture) async throws -> Void
    ) async throws {
        let shared: PostgresServer
        if let server { shared = server } else { shared = try await PostgresServer.shared() }
        let database = try await shared.makeDatabase()
        let silo = try await database.addActiveMember()
        let backend = PostgresBackend.postgres(conninfo?(database) ?? database.conninfo, configure)
        let connection = try await backend.connect(context(logger))
        do {
            try await body(Fixture(database: database, silo: silo, connection: connection))
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }
}

extension StateSave {
    /// A save of one state.
    static func one(
        _ key: String, _ json: String?, expected: ETag? = nil, next: ETag = SystemRandomSource().nextETag(),
        name: String = "contents"
    ) -> StateSave {
        StateSave(
            grain: GrainID(type: "Cart", key: key),
            writes: [
                StateWrite(name: name, expected: expected, next: next, version: 1, data: json.map { Array($0.utf8) })
            ])
    }

    /// The etag that its first write gives.
    var next: ETag { writes[0].next }
}

extension StateLoad {
    /// A load of one state.
    static func one(_ key: String, name: String = "contents") -> StateLoad {
        StateLoad(grain: GrainID(type: "Cart", key: key), names: [name])
    }
}

extension StateRecord {
    /// The data as text.
    var text: String? { data.map { String(decoding: $0, as: UTF8.self) } }
}
