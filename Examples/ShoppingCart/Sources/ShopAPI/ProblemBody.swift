/// An error in the shop's JSON.
public struct ProblemBody: Hashable, Codable, Sendable {
    /// The error.
    public var error: Problem
    /// The order that failed, if one did.
    public var order: OrderBody?

    /// Makes a body.
    ///
    /// - Parameters:
    ///   - error: The error.
    ///   - order: The order that failed.
    public init(error: Problem, order: OrderBody? = nil) {
        self.error = error
        self.order = order
    }

    /// What went wrong.
    public struct Problem: Hashable, Codable, Sendable {
        /// A stable name for programs.
        public var code: String
        /// What happened, for people.
        public var message: String
        /// The product that it is about, if it is about one.
        public var product: String?

        /// Makes a problem.
        ///
        /// - Parameters:
        ///   - code: A stable name for programs.
        ///   - message: What happened, for people.
        ///   - product: The product that it is about.
        public init(code: String, message: String, product: String? = nil) {
            self.code = code
            self.message = message
            self.product = product
        }
    }
}
