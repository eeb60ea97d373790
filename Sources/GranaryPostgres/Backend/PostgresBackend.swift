public import GranaryCore

/// A PostgreSQL database as what a silo stands on.
///
/// ```swift
/// let silo = Silo(configuration: .init(cluster: "shop"), backend: .postgres("postgresql:///shop")) { … }
/// ```
public struct PostgresBackend: SiloBackend {
    /// The settings.
    public var configuration: PostgresConfiguration

    /// Describes a database; nothing is connected yet.
    ///
    /// - Parameter configuration: The settings.
    public init(_ configuration: PostgresConfiguration) { self.configuration = configuration }

    /// Connects, and checks that the server is durable and takes writes and that its schema is the one this program knows.
    ///
    /// - Parameter context: What the silo lends the backend.
    /// - Returns: The open connection.
    /// - Throws: `StorageError` that says what to do.
    public func connect(_ context: BackendContext) async throws -> any BackendConnection {
        let engine = try PostgresEngine(configuration, context: context)
        do throws(StorageError) {
            try await SchemaProbe.check(engine, configuration: configuration)
        } catch {
            await engine.close()
            throw error
        }
        return PostgresConnection(engine: engine, configuration: configuration, logger: context.logger)
    }
}

extension SiloBackend where Self == PostgresBackend {
    /// A PostgreSQL database.
    ///
    /// - Parameters:
    ///   - connectionString: A libpq connection string: a URI, or keywords and values.
    ///   - configure: Changes the settings from their defaults.
    /// - Returns: The backend.
    public static func postgres(
        _ connectionString: String, _ configure: (inout PostgresConfiguration) -> Void = { _ in }
    ) -> PostgresBackend {
        var configuration = PostgresConfiguration(connectionString)
        configure(&configuration)
        return PostgresBackend(configuration)
    }
}
