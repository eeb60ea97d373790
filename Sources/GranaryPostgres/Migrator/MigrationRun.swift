import GranaryCore

/// One migrator's work on one session; its methods block.
struct MigrationRun {
    let session: any MigrationSession
    /// The migrations, in order.
    let migrations: [Migration]
    /// How long to wait for locks, in seconds.
    let patience: Int

    /// Reads the ledger.
    ///
    /// - Returns: It beside what the program knows.
    /// - Throws: ``MigrationError``, with code `.foreign` for a schema that no migration made.
    func history() throws(MigrationError) -> MigrationHistory {
        // Within a transaction a failed statement would end it, so the ledger's existence is asked for first.
        let found = try run(
            """
            select to_regclass('granary.migration') is not null, exists (
                select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'granary')
            """, during: "the look for the ledger granary.migration")
        if found.first?.first == "t" {
            let rows = try run(SchemaCheck.sql, during: "the look at the ledger granary.migration")
            return MigrationHistory(known: migrations, applied: rows.compactMap(SchemaCheck.row))
        }
        guard found.first?.last == "f" else {
            throw MigrationError(
                .foreign,
                "The database has a schema named granary with tables in it that no migration made. "
                    + "Use another database, or rename that schema.")
        }
        return MigrationHistory(known: migrations, applied: nil)
    }

    /// Applies the first pending migration in a transaction of its own.
    ///
    /// - Returns: It, or `nil` if nothing is pending.
    /// - Throws: ``MigrationError``; then nothing of the migration is there, unless the message says otherwise.
    func applyNext() throws(MigrationError) -> Migration? {
        // Somebody who may only read can find out that there is nothing to do.
        guard try nextPending() != nil else { return nil }
        try begin()
        guard let migration = try nextPending() else {
            try run("rollback", during: "the end of a migration")
            return nil
        }
        try apply(migration)
        try commit(migration)
        return migration
    }

    private func nextPending() throws(MigrationError) -> Migration? {
        let history = try history()
        if let refusal = history.refusal { throw refusal }
        return history.pending.first
    }

    /// Begins a transaction that no other migrator is in, whatever the role's settings are.
    private func begin() throws(MigrationError) {
        // A frozen migrator must not hold its locks for good, hence the limit on idling.
        try run(
            """
            begin isolation level read committed read write; set local statement_timeout = 0;
            set local idle_in_transaction_session_timeout = '60s'; set local lock_timeout = '\(patience)s';
            set local search_path = pg_catalog
            """, during: "the start of a migration")
        do throws(StatementFailure) {
            // "Gran" and "ary" in ASCII. Locks of two numbers are others than those of one, which fence members.
            _ = try session.run("select pg_advisory_xact_lock(1198678382, 6386297)")
        } catch {
            guard case .refused(let error) = error, error.state == .lockNotAvailable else {
                throw MigrationError(error, during: "the start of a migration")
            }
            throw MigrationError(.busy, "Another migration has been running for \(patience) seconds; try again later.")
        }
    }

    private func apply(_ migration: Migration) throws(MigrationError) {
        let transaction = try run("select txid_current()", during: migration.name)
        try run(migration.sql, during: migration.name)
        guard try run("select txid_current()", during: migration.name) == transaction else {
            throw MigrationError(
                .failed, "\(migration.name) ends its transaction; what came before that statement is committed.")
        }
        try run(
            """
            insert into granary.migration (number, name, checksum)
            values (\(migration.number), \(literal(migration.name)), '\(migration.checksum)')
            """, during: migration.name)
    }

    private func commit(_ migration: Migration) throws(MigrationError) {
        do throws(StatementFailure) {
            _ = try session.run("commit")
        } catch {
            guard case .lost(let error) = error else { throw MigrationError(error, during: migration.name) }
            throw MigrationError(
                .unavailable,
                "\(error.message) \(migration.name) may or may not be committed; run the migration again to find out.",
                cause: error)
        }
    }

    @discardableResult
    private func run(_ sql: String, during step: String) throws(MigrationError) -> [[String?]] {
        do throws(StatementFailure) {
            return try session.run(sql)
        } catch {
            throw MigrationError(error, during: step)
        }
    }

    private func literal(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
