public import Granary

/// A request for a customer's money.
@Coded
public struct Charge: Hashable, Sendable {
    /// The order that is paid; it is also the key by which the provider knows a charge that it is asked for again.
    public var order: OrderID
    /// How much, in cents.
    public var amount: Int
    /// What the customer pays with.
    public var card: String

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - order: The order that is paid.
    ///   - amount: How much, in cents.
    ///   - card: What the customer pays with.
    public init(order: OrderID, amount: Int, card: String) {
        self.order = order
        self.amount = amount
        self.card = card
    }
}
