/// A cart in the shop's JSON.
public struct CartBody: Hashable, Codable, Sendable {
    /// The customer's name.
    public var customer: String
    /// What is in it.
    public var lines: [LineBody]
    /// What it costs, in cents.
    public var total: Int
    /// The number of the order that the cart is becoming, while it is being checked out.
    public var pending: Int?

    /// Makes a body.
    ///
    /// - Parameters:
    ///   - customer: The customer's name.
    ///   - lines: What is in it.
    ///   - total: What it costs, in cents.
    ///   - pending: The number of the order that the cart is becoming.
    public init(customer: String, lines: [LineBody], total: Int, pending: Int?) {
        self.customer = customer
        self.lines = lines
        self.total = total
        self.pending = pending
    }
}
