public import Granary

/// A cart on its way to becoming an order.
@Coded
public struct PendingOrder: Hashable, Sendable {
    /// The order's number among the customer's.
    public var number: Int
    /// What is ordered.
    public var lines: [OrderLine]
    /// What the customer pays with.
    public var card: String
    /// The name that the customer's request bore, so that the same request is known again.
    public var request: String
}
