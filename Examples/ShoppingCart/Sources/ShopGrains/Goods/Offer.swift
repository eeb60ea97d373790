/// A product and how many of it the shop opens with.
public struct Offer: Hashable, Sendable {
    /// The product.
    public var product: Product
    /// How many there are when the shop opens for the first time.
    public var count: Int

    /// Makes an offer.
    ///
    /// - Parameters:
    ///   - product: The product.
    ///   - count: How many there are when the shop opens for the first time.
    public init(_ product: Product, count: Int) {
        self.product = product
        self.count = count
    }
}
