import GranaryCore
import GranaryPostgres
import GranaryTestSupport
import GranaryTesting
import Testing

/// The contract that every provider keeps, on a real server.
@Suite(.serialized, .timeLimit(.minutes(5))) struct PostgresConformanceTests {
    @Test(arguments: StateStoreConformance.checks)
    func `states in PostgreSQL keep the contract`(_ check: StateStoreConformance.Check) async throws {
        let database = try await SharedDatabase.shared.database()
        try await StateStoreConformance(backend: .postgres(database.conninfo)).run(check)
    }

    @Test(arguments: MembershipStoreConformance.checks)
    func `the list of silos in PostgreSQL keeps the contract`(_ check: MembershipStoreConformance.Check) async throws {
        let database = try await PostgresServer.shared().makeDatabase()
        try await MembershipStoreConformance(backend: .postgres(database.conninfo)).run(check)
    }

    /// The database that all checks of states share: they tell their rows apart.
    private actor SharedDatabase {
        static let shared = SharedDatabase()
        private var made: TestDatabase?

        func database() async throws -> TestDatabase {
            if let made { return made }
            let database = try await PostgresServer.shared().makeDatabase()
            made = database
            return database
        }
    }
}
