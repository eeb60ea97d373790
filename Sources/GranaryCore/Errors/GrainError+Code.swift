extension GrainError {
    /// The kind of a ``GrainError``; more kinds may come, so a `switch` needs a default.
    public struct Code: Hashable, Sendable, Codable {
        /// The stable name, as it travels and as metrics show it.
        public let name: String

        private init(_ name: String) { self.name = name }

        /// A code that arrived by its name.
        package init(named name: String) { self.name = name }

        /// Reads a code by its stable name; a name from a newer version is kept as it is.
        ///
        /// - Parameter decoder: Where the name comes from.
        /// - Throws: What the decoder throws.
        public init(from decoder: any Decoder) throws {
            name = try decoder.singleValueContainer().decode(String.self)
        }

        /// Writes the stable name.
        ///
        /// - Parameter encoder: Where the name goes.
        /// - Throws: What the encoder throws.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(name)
        }

        /// The call did not end within its time.
        ///
        /// A turn that had started may still run: its outcome is unknown.
        public static let timeout = Code("timeout")
        /// The call waits for a turn that waits for this call; ``GrainError/chain`` names the grains.
        public static let deadlock = Code("deadlock")
        /// A bounded queue was full; the call did not start.
        ///
        /// Try again later, or spread the load over more grains.
        public static let overloaded = Code("overloaded")
        /// The silo is not running, is draining or was stopped; the call did not start.
        public static let siloUnavailable = Code("siloUnavailable")
        /// Whether the call or the save took effect is not known.
        public static let outcomeUnknown = Code("outcomeUnknown")
        /// Someone else wrote the state since it was read; the activation is dropped and loads anew.
        public static let stateConflict = Code("stateConflict")
        /// The state was written by a newer version of the application than this one.
        public static let stateTooNew = Code("stateTooNew")
        /// A state could not be encoded, decoded or migrated.
        public static let stateUnreadable = Code("stateUnreadable")
        /// The database refused this state (for example text that JSON in PostgreSQL cannot hold).
        public static let stateRejected = Code("stateRejected")
        /// The database did not answer, or answered with an error of its own.
        public static let storageUnavailable = Code("storageUnavailable")
        /// Loading the grain, its initialiser or its `activate()` failed; the cause says why.
        public static let activationFailed = Code("activationFailed")
        /// The key is blank, too long or holds a NUL.
        public static let invalidKey = Code("invalidKey")
        /// No silo hosts this grain type; list it where the silo is made.
        public static let unknownGrainType = Code("unknownGrainType")
        /// The grain has no method of that name, or it takes fewer arguments than were sent.
        public static let unknownMethod = Code("unknownMethod")
        /// A value could not be encoded for, or decoded from, a call.
        public static let encoding = Code("encoding")
        /// A grain method threw an error that its grain does not name.
        public static let callFailed = Code("callFailed")
        /// A `@ReadOnly` method changed a state; the change was taken back.
        public static let readOnlyViolation = Code("readOnlyViolation")
        /// A stream's producer is gone: its activation ended, or its reader asked for nothing for too long.
        public static let streamLost = Code("streamLost")
        /// This silo was declared dead; nothing it does counts any more.
        public static let fenced = Code("fenced")
        /// The silo's settings, its grain types or its cluster do not fit; the message names the setting.
        public static let configuration = Code("configuration")
    }
}

extension GrainError.Code: CustomStringConvertible {
    /// The stable name.
    public var description: String { name }
}
