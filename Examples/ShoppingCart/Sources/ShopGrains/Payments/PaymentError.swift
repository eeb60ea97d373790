/// What a payment provider has to say.
public struct PaymentError: Error, Hashable, Codable, Sendable {
    /// The kind of error.
    public var code: Code
    /// What happened, in words for the customer.
    public var message: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: The kind of error.
    ///   - message: What happened, in words for the customer.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The kind of a ``PaymentError``.
    public struct Code: RawRepresentable, Hashable, Codable, Sendable {
        /// The stable name.
        public let rawValue: String

        /// Names a kind.
        ///
        /// - Parameter rawValue: The stable name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Nothing was charged for this order, and nothing will be.
        public static let declined = Code(rawValue: "declined")
        /// This request charged nothing; an earlier one for the same order may have.
        public static let unavailable = Code(rawValue: "unavailable")
        /// Whether something was charged is not known.
        public static let unknown = Code(rawValue: "unknown")
    }
}
