import GranaryCore
import Logging

/// An open PostgreSQL backend.
struct PostgresConnection: BackendConnection {
    private let engine: PostgresEngine
    private let store: PostgresMembershipStore

    /// Makes a connection over an engine that was checked.
    ///
    /// - Parameters:
    ///   - engine: The connections.
    ///   - configuration: Time-outs.
    ///   - logger: Where to log.
    init(engine: PostgresEngine, configuration: PostgresConfiguration, logger: Logger) {
        self.engine = engine
        store = PostgresMembershipStore(engine: engine, configuration: configuration, logger: logger)
    }

    var membership: any MembershipStore { store }

    var isDurable: Bool { true }

    func stateStore(writingAs silo: Int32) -> any StateStore { PostgresStateStore(engine: engine, silo: silo) }

    func close() async { await engine.close() }
}
