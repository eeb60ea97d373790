/// What a program knows and what a database has, laid side by side.
///
/// It decides what may happen; it reads and writes nothing.
struct MigrationHistory: Sendable {
    /// The program's migrations, in order.
    let known: [Migration]
    /// The ledger's rows, in order; `nil` where there is no ledger.
    let applied: [AppliedMigration]?

    /// The migrations that are still to be applied, in order.
    var pending: [Migration] {
        let last = applied?.last?.number ?? 0
        return known.filter { $0.number > last }
    }

    /// What forbids going on, if anything: a gap, an edited text, or migrations that this program does not know.
    var refusal: MigrationError? {
        Self.gap(in: known) ?? gapInLedger ?? edit ?? newer
    }

    /// Looks for a number that is missing or comes twice in a program's list.
    ///
    /// - Parameter known: The list.
    /// - Returns: What is wrong, or `nil`.
    static func gap(in known: [Migration]) -> MigrationError? {
        for (index, migration) in known.enumerated() where migration.number != index + 1 {
            return MigrationError(
                .gap, "Migration \(index + 1) is missing in this program: \(migration.name) stands in its place.")
        }
        return nil
    }

    private var gapInLedger: MigrationError? {
        for (index, row) in (applied ?? []).enumerated() where row.number != index + 1 {
            return MigrationError(
                .gap,
                "The ledger granary.migration has \(row.name), but not number \(index + 1) before it. Rows of the ledger "
                    + "are never removed: restore the row if that migration was applied.")
        }
        return nil
    }

    private var edit: MigrationError? {
        for (row, migration) in zip(applied ?? [], known)
        where row.name != migration.name || row.checksum != migration.checksum {
            let what =
                row.name == migration.name
                ? "\(row.name) was applied at \(row.appliedAt) with the checksum \(row.checksum.prefix(12))…, but this "
                    + "program has a text with \(migration.checksum.prefix(12))…"
                : "Number \(row.number) was applied at \(row.appliedAt) as \(row.name), but this program calls it "
                    + "\(migration.name)"
            return MigrationError(
                .edited,
                what + ". A migration that was released is never edited: run a program with the original text, and put "
                    + "the change into a new file.")
        }
        return nil
    }

    private var newer: MigrationError? {
        guard let last = applied?.last, last.number > known.count else { return nil }
        return MigrationError(
            .newer,
            "The database has schema \(last.number) (\(last.name)), and this program knows no more than \(known.count). "
                + "Use a version of Granary at least as new as the one that migrated the database.")
    }
}
