public import Granary

/// A cart, as its customer sees it.
@Coded
public struct CartView: Hashable, Sendable {
    /// The customer's name.
    public var customer: String
    /// What is in it.
    public var lines: [OrderLine]
    /// The order that the cart is becoming, if it is being checked out.
    public var pending: OrderID?

    /// Describes a cart.
    ///
    /// - Parameters:
    ///   - customer: The customer's name.
    ///   - lines: What is in it.
    ///   - pending: The order that the cart is becoming.
    public init(customer: String, lines: [OrderLine], pending: OrderID? = nil) {
        self.customer = customer
        self.lines = lines
        self.pending = pending
    }

    /// What it costs, in cents.
    public var total: Int { lines.reduce(0) { $0 + $1.total } }
}
