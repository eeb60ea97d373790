/// A product and how many of it, in a cart or in an order.
public struct OrderLine: Hashable, Codable, Sendable {
    /// The product, with the price at which it was put into the cart.
    public var product: Product
    /// How many.
    public var quantity: Int

    /// Makes a line.
    ///
    /// - Parameters:
    ///   - product: The product.
    ///   - quantity: How many.
    public init(_ product: Product, quantity: Int) {
        self.product = product
        self.quantity = quantity
    }

    /// What the line costs, in cents.
    public var total: Int { product.price * quantity }
}
