/// A request to put something into a cart, or to change how many there are.
public struct ItemRequest: Hashable, Codable, Sendable {
    /// The product's id; the path names it when a line is changed.
    public var product: String?
    /// How many; 1 unless said otherwise.
    public var quantity: Int?

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - product: The product's id.
    ///   - quantity: How many.
    public init(product: String? = nil, quantity: Int? = nil) {
        self.product = product
        self.quantity = quantity
    }
}
