/// A row of the ledger `granary.migration`: a migration that a database has.
public struct AppliedMigration: Hashable, Sendable {
    /// Its place in the order, from 1.
    public let number: Int
    /// The file's name without `.sql`, as it was then.
    public let name: String
    /// The SHA-256 of the file's bytes, as it was then.
    public let checksum: String
    /// When it was applied, by the server's clock, in UTC: `2026-01-31T12:00:00Z`.
    public let appliedAt: String

    /// Makes a row.
    ///
    /// - Parameters:
    ///   - number: Its place in the order, from 1.
    ///   - name: The file's name without `.sql`.
    ///   - checksum: The SHA-256 of the file's bytes.
    ///   - appliedAt: When it was applied.
    package init(number: Int, name: String, checksum: String, appliedAt: String) {
        self.number = number
        self.name = name
        self.checksum = checksum
        self.appliedAt = appliedAt
    }
}
