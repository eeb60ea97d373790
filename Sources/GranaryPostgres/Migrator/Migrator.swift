import GranaryCore

/// Applies the migrations of this version of Granary to a database, and tells how far a database is.
///
/// Any number of migrators may run at once, also while silos of the version before run: a lock in the database lets one
/// go ahead, and the others find its work done. Each migration is one transaction, with its entry in the ledger
/// `granary.migration`: cut off at any moment, it is there as a whole or not at all.
public struct Migrator: Sendable {
    /// The migrations, in order.
    let migrations: [Migration]
    /// Opens a session; called on a thread where it may block.
    let connect: @Sendable () throws(StatementFailure) -> any MigrationSession
    /// How long to wait for another migrator, and for others to let go of a table, in seconds.
    let patience: Int

    /// Makes a migrator.
    ///
    /// - Parameters:
    ///   - connectionString: The database, as a URI or as keywords and values; libpq's environment variables and password
    ///     file fill in what it does not say. A role that may create schemas and tables is needed.
    ///   - patience: How long to wait for another migrator and for table locks; 60 seconds by default.
    /// - Throws: `StorageError` when the string cannot be read.
    public init(_ connectionString: String, patience: Duration = .seconds(60)) throws {
        try self.init(connectionString, migrations: Migration.all, patience: patience)
    }

    init(_ connectionString: String, migrations: [Migration], patience: Duration = .seconds(60)) throws {
        let connection = try ConnectionString(connectionString)
        self.init(migrations: migrations, patience: patience) { () throws(StatementFailure) in
            try LibPQSession(connection)
        }
    }

    init(
        migrations: [Migration], patience: Duration = .seconds(60),
        connect: @escaping @Sendable () throws(StatementFailure) -> any MigrationSession
    ) {
        self.migrations = migrations
        self.connect = connect
        self.patience = Int(clamping: max(1, patience.components.seconds))
    }

    /// Tells how far the database is; reads only.
    ///
    /// - Returns: All migrations with their states, and what forbids going on.
    /// - Throws: ``MigrationError``.
    public func status() async throws -> MigrationStatus {
        try await onOwnThread { run throws(MigrationError) in MigrationStatus(try run.history()) }
    }

    /// Applies what is pending, in order.
    ///
    /// - Parameter progress: Called after each migration that is committed, on a thread of the migrator.
    /// - Returns: The migrations that this call applied; what others applied at the same time is not among them.
    /// - Throws: ``MigrationError``; migrations before the one that failed stay applied.
    @discardableResult
    public func apply(progress: @escaping @Sendable (Migration) -> Void = { _ in }) async throws -> [Migration] {
        try await onOwnThread { run throws(MigrationError) in
            var applied: [Migration] = []
            while let migration = try run.applyNext() {
                applied.append(migration)
                progress(migration)
            }
            return applied
        }
    }

    /// Runs blocking work with a session of its own on a thread of its own, never on one of Swift's.
    private func onOwnThread<R: Sendable>(
        _ body: @escaping @Sendable (MigrationRun) throws(MigrationError) -> R
    ) async throws -> R {
        try await NativeThread.result(named: "granary-migrate") { try body(try open()) }
    }

    private func open() throws(MigrationError) -> MigrationRun {
        do throws(StatementFailure) {
            return MigrationRun(session: try connect(), migrations: migrations, patience: patience)
        } catch {
            throw MigrationError(error, during: "connecting")
        }
    }
}
