extension CodecError {
    /// The kind of a ``CodecError``; more kinds may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The stable name.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The bytes end inside an item, or an item declares more bytes or elements than are left.
        public static let truncated = Code("truncated")
        /// The bytes are not CBOR: a reserved head, a stray break, a chunk of another type, text that is not UTF-8.
        public static let malformed = Code("malformed")
        /// Two entries of one map have the same key.
        public static let duplicateKey = Code("duplicateKey")
        /// Arrays and maps are nested deeper than the limit.
        public static let tooDeep = Code("tooDeep")
        /// The item is longer than the limit.
        public static let tooLarge = Code("tooLarge")
        /// The item is of another type than the value to read.
        public static let typeMismatch = Code("typeMismatch")
        /// A map lacks a key that the type to read requires.
        public static let missingKey = Code("missingKey")
        /// The number does not fit the type to read.
        public static let numberOutOfRange = Code("numberOutOfRange")
        /// The type to read or to write refused the value, for example an unknown case of an enum.
        public static let invalidValue = Code("invalidValue")
        /// Bytes follow the item where nothing may follow.
        public static let trailing = Code("trailing")
        /// A `Codable` conformance used its encoder or decoder in a way that has no meaning.
        public static let misuse = Code("misuse")
    }
}
