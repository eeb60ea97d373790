public import Granary

/// A product and how many of it, in a cart or in an order.
@Coded
public struct OrderLine: Hashable, Sendable {
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
