/// An order in the shop's JSON.
public struct OrderBody: Hashable, Codable, Sendable {
    /// Its number among the customer's.
    public var number: Int
    /// `open`, `completed` or `failed`.
    public var status: String
    /// What is ordered.
    public var lines: [LineBody]
    /// What it costs, in cents.
    public var total: Int
    /// The payment provider's receipt, once it is paid.
    public var receipt: String?
    /// Why it failed, if it failed.
    public var problem: ProblemBody.Problem?

    /// Makes a body.
    ///
    /// - Parameters:
    ///   - number: Its number among the customer's.
    ///   - status: How far it is.
    ///   - lines: What is ordered.
    ///   - total: What it costs, in cents.
    ///   - receipt: The payment provider's receipt.
    ///   - problem: Why it failed.
    public init(
        number: Int, status: String, lines: [LineBody], total: Int, receipt: String?, problem: ProblemBody.Problem?
    ) {
        self.number = number
        self.status = status
        self.lines = lines
        self.total = total
        self.receipt = receipt
        self.problem = problem
    }
}
