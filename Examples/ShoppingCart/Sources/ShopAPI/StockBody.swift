/// How much of a product there is, in the shop's JSON.
public struct StockBody: Hashable, Codable, Sendable {
    /// The product's id.
    public var product: String
    /// How many can be bought.
    public var available: Int
    /// How many are set aside for orders under way.
    public var reserved: Int
    /// How many were sold.
    public var sold: Int

    /// Makes a body.
    ///
    /// - Parameters:
    ///   - product: The product's id.
    ///   - available: How many can be bought.
    ///   - reserved: How many are set aside for orders under way.
    ///   - sold: How many were sold.
    public init(product: String, available: Int, reserved: Int, sold: Int) {
        self.product = product
        self.available = available
        self.reserved = reserved
        self.sold = sold
    }
}
