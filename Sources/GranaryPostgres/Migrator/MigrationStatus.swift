/// How far a database is.
public struct MigrationStatus: Sendable {
    /// One migration that the program knows or the database has.
    public struct Entry: Hashable, Sendable {
        /// Its place in the order, from 1.
        public let number: Int
        /// The file's name without `.sql`.
        public let name: String
        /// Whether and how it is there.
        public let state: State
        /// When it was applied, in UTC; `nil` if it was not.
        public let appliedAt: String?
    }

    /// Whether and how a migration is there; more may come.
    public struct State: Hashable, Sendable, CustomStringConvertible {
        /// The stable name.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The database has it as the program knows it.
        public static let applied = State("applied")
        /// The database does not have it yet.
        public static let pending = State("pending")
        /// The database has it, but the program knows another text under this number.
        public static let edited = State("edited")
        /// The database has it, and the program does not know it.
        public static let unknown = State("unknown")
        /// The ledger lacks it although it has a later one.
        public static let missing = State("missing")
    }

    /// All migrations, in order.
    public let entries: [Entry]
    /// The migrations that ``Migrator/apply(progress:)`` would apply, in order; empty where there is a ``refusal``.
    public let pending: [Migration]
    /// What forbids going on; `nil` where nothing does.
    public let refusal: MigrationError?

    /// Whether a silo of this version can run on the database.
    public var isCurrent: Bool { refusal == nil && pending.isEmpty }

    init(_ history: MigrationHistory) {
        refusal = history.refusal
        pending = refusal == nil ? history.pending : []
        let rows = history.applied ?? []
        let last = rows.last?.number ?? 0
        var entries = rows.map { row in
            let known = history.known.first { $0.number == row.number }
            let isSame = known.map { $0.name == row.name && $0.checksum == row.checksum }
            let state: State = isSame.map { $0 ? .applied : .edited } ?? .unknown
            return Entry(number: row.number, name: row.name, state: state, appliedAt: row.appliedAt)
        }
        for migration in history.known where !rows.contains(where: { $0.number == migration.number }) {
            let state: State = migration.number < last ? .missing : .pending
            entries.append(Entry(number: migration.number, name: migration.name, state: state, appliedAt: nil))
        }
        self.entries = entries.sorted { $0.number < $1.number }
    }
}
