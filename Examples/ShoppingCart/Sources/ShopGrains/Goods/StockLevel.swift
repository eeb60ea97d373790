public import Granary

/// How much of a product there is.
@Coded
public struct StockLevel: Hashable, Sendable {
    /// The product's id.
    public var product: String
    /// How many can be reserved.
    public var available: Int
    /// How many are set aside for orders that are not paid yet.
    public var reserved: Int
    /// How many were sold.
    public var sold: Int

    /// Describes a level.
    ///
    /// - Parameters:
    ///   - product: The product's id.
    ///   - available: How many can be reserved.
    ///   - reserved: How many are set aside.
    ///   - sold: How many were sold.
    public init(product: String, available: Int, reserved: Int, sold: Int) {
        self.product = product
        self.available = available
        self.reserved = reserved
        self.sold = sold
    }
}
