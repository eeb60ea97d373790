/// Why migrations were not applied, or are not going to be.
///
/// Each migration is one transaction: the one that failed left nothing, those before it are applied.
public struct MigrationError: Error, Sendable {
    /// The kind of error.
    public var code: Code
    /// What happened and what to do, without passwords.
    public var message: String
    /// The error behind this one.
    public var cause: (any Error)?

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: The kind of error.
    ///   - message: What happened and what to do.
    ///   - cause: The error behind this one.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The kind of a ``MigrationError``; more kinds may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The stable name.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The database cannot be reached, or went away; what was not committed is rolled back.
        public static let unavailable = Code("unavailable")
        /// A migration that was applied reads differently now.
        public static let edited = Code("edited")
        /// A number is missing in the ledger or in the list.
        public static let gap = Code("gap")
        /// The database has migrations that this program does not know.
        public static let newer = Code("newer")
        /// There is a schema `granary` that was not made by migrations.
        public static let foreign = Code("foreign")
        /// Another migration runs, or something holds a table, for longer than this one was ready to wait.
        public static let busy = Code("busy")
        /// The database role may not do this.
        public static let denied = Code("denied")
        /// The database refused a migration's text.
        public static let failed = Code("failed")
    }

    /// Whether the histories of program and database do not fit each other, so that trying again is of no use.
    public var isRefusal: Bool { [.edited, .gap, .newer, .foreign].contains(code) }
}

extension MigrationError: CustomStringConvertible {
    /// Code and message on one line; the message says what the cause says.
    public var description: String { "\(code): \(message)" }
}
