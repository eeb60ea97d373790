import Granary
import GranaryPostgres
import GranaryTestSupport
import Testing

/// Where a test's shop keeps its state.
enum StoreKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory
    case postgres

    var testDescription: String { rawValue }

    /// A store of its own for one test, which any number of silos can use one after the other.
    func make() async throws -> any SiloBackend {
        switch self {
        case .memory: return .memory(InMemoryCluster())
        case .postgres:
            let database = try await PostgresServer.shared().makeDatabase()
            return .postgres(database.conninfo)
        }
    }
}
