extension CBORDecoder {
    /// How much one item may take.
    public struct Limits: Sendable {
        /// How many arrays and maps may contain each other, from 1 to 512.
        public var maximumDepth: Int
        /// The length of the whole item in bytes.
        public var maximumBytes: Int

        /// Makes limits.
        ///
        /// - Parameters:
        ///   - maximumDepth: How many arrays and maps may contain each other; 128 by default.
        ///   - maximumBytes: The length of the whole item in bytes; 64 MiB by default.
        public init(maximumDepth: Int = 128, maximumBytes: Int = 64 << 20) {
            self.maximumDepth = maximumDepth
            self.maximumBytes = maximumBytes
        }
    }
}
