public import Granary

/// Something that the shop sells.
@Coded
public struct Product: Hashable, Sendable, Identifiable {
    /// The key of its ``ProductStock``.
    public var id: String
    /// What people call it.
    public var name: String
    /// One sentence about it.
    public var summary: String
    /// The name of the drawing that stands for a photograph; the page has the drawings.
    public var picture: String
    /// The price of one, in cents.
    public var price: Int
    /// How many of it one customer may ever buy; `nil` for as many as there are.
    public var limit: Int?

    /// Describes a product.
    ///
    /// - Parameters:
    ///   - id: The key of its stock.
    ///   - name: What people call it.
    ///   - summary: One sentence about it.
    ///   - picture: The name of the drawing that stands for a photograph; the page has the drawings.
    ///   - price: The price of one, in cents.
    ///   - limit: How many of it one customer may ever buy.
    public init(id: String, name: String, summary: String, picture: String, price: Int, limit: Int? = nil) {
        self.id = id
        self.name = name
        self.summary = summary
        self.picture = picture
        self.price = price
        self.limit = limit
    }
}
