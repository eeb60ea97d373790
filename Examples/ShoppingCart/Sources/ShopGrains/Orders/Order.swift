public import Granary

/// An order, as a customer sees it.
@Coded
public struct Order: Hashable, Sendable {
    /// Its key.
    public var id: OrderID
    /// What is ordered.
    public var lines: [OrderLine]
    /// How far it is.
    public var status: Status
    /// Why it failed, if it failed.
    public var problem: ShopError?
    /// The payment provider's receipt, once it is paid.
    public var receipt: String?

    /// Describes an order.
    ///
    /// - Parameters:
    ///   - id: Its key.
    ///   - lines: What is ordered.
    ///   - status: How far it is.
    ///   - problem: Why it failed.
    ///   - receipt: The payment provider's receipt.
    public init(
        id: OrderID, lines: [OrderLine], status: Status, problem: ShopError? = nil, receipt: String? = nil
    ) {
        self.id = id
        self.lines = lines
        self.status = status
        self.problem = problem
        self.receipt = receipt
    }

    /// What it costs, in cents.
    public var total: Int { lines.reduce(0) { $0 + $1.total } }

    /// How far an order is.
    @Coded
    public enum Status: String, Sendable {
        /// It is on its way to one of the other two, and gets there by itself.
        case open
        /// It is paid, and the goods are sold.
        case completed
        /// Nothing was charged, and the goods are back on the shelf.
        case failed
    }
}
