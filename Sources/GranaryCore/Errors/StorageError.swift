/// What a storage provider throws.
///
/// From ``StateStore/save(_:)`` every code but ``Code/outcomeUnknown`` promises that nothing was written.
public struct StorageError: Error, Sendable {
    /// The kind of error.
    public var code: Code
    /// What happened and what to do, without passwords and without stored data.
    public var message: String
    /// The error behind this one.
    public var cause: (any Error)?

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: The kind of error.
    ///   - message: What happened and what to do.
    ///   - cause: The error behind this one.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The kind of a ``StorageError``; more kinds may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The stable name.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The database cannot be reached, or does not answer in time; try again later.
        public static let unavailable = Code("unavailable")
        /// This data is refused, now and always: text with a NUL, a number out of range, a value too large.
        public static let rejected = Code("rejected")
        /// It could not be found out whether the write was committed.
        public static let outcomeUnknown = Code("outcomeUnknown")
        /// The schema is missing, older or newer than this program; the message names the command to run.
        public static let schema = Code("schema")
        /// A setting is wrong: the address, the credentials, durability switched off, a standby.
        public static let configuration = Code("configuration")
        /// The database belongs to another cluster, or another silo has joined it.
        public static let cluster = Code("cluster")
    }
}

extension StorageError: CustomStringConvertible {
    /// Code, message and cause on one line.
    public var description: String {
        var text = "\(code): \(message)"
        if let cause { text += " Cause: \(cause)" }
        return text
    }
}
