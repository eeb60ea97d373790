/// A line of a cart or an order in the shop's JSON.
public struct LineBody: Hashable, Codable, Sendable {
    /// The product's id.
    public var product: String
    /// The product's name.
    public var name: String
    /// The name of the drawing that stands for a photograph; the page has the drawings.
    public var picture: String
    /// The price of one, in cents.
    public var price: Int
    /// How many.
    public var quantity: Int

    /// Makes a body.
    ///
    /// - Parameters:
    ///   - product: The product's id.
    ///   - name: The product's name.
    ///   - picture: The name of the drawing that stands for a photograph; the page has the drawings.
    ///   - price: The price of one, in cents.
    ///   - quantity: How many.
    public init(product: String, name: String, picture: String, price: Int, quantity: Int) {
        self.product = product
        self.name = name
        self.picture = picture
        self.price = price
        self.quantity = quantity
    }
}
