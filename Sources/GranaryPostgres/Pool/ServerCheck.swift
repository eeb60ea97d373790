import GranaryCore

/// What a server must be like before anything is kept on it.
enum ServerCheck {
    /// Asks for the settings; sent first on every new connection, because a failover can lead to another server.
    static let sql = """
        select current_setting('fsync'), current_setting('synchronous_commit'), pg_is_in_recovery(), \
        current_setting('transaction_read_only'), current_setting('transaction_isolation'), pg_backend_pid()
        """

    /// Judges the answer.
    ///
    /// - Parameter rows: What ``sql`` gave.
    /// - Throws: ``StorageError`` that says what to change.
    static func judge(_ rows: ResultRows) throws(StorageError) {
        func refuse(_ message: String) -> StorageError { StorageError(.configuration, message) }
        if rows.bool(0, 2) != false {
            throw refuse(
                "The database server is a standby, which takes no writes. Name the primary, or list all hosts and add "
                    + "target_session_attrs=primary to the connection string.")
        }
        if rows.text(0, 0) != "on" {
            throw refuse(
                "The database server runs with fsync = off: a crash would lose states that were acknowledged. "
                    + "Set fsync = on in postgresql.conf and reload.")
        }
        if rows.text(0, 1) == "off" {
            throw refuse(
                "synchronous_commit is off for this database role: a crash would lose states that were acknowledged. "
                    + "Run: alter role … set synchronous_commit = on.")
        }
        if rows.text(0, 3) != "off" {
            throw refuse(
                "Transactions of this database role are read-only. Run: alter role … reset "
                    + "default_transaction_read_only, or name a server that takes writes.")
        }
        if rows.text(0, 4) != "read committed" {
            throw refuse(
                "Fencing needs the isolation level READ COMMITTED, but this role has \(rows.text(0, 4) ?? "another"). "
                    + "Run: alter role … set default_transaction_isolation = 'read committed'.")
        }
    }
}
