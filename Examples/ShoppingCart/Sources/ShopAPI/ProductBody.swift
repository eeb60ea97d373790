/// A product in the shop's JSON.
public struct ProductBody: Hashable, Codable, Sendable {
    /// Its id.
    public var id: String
    /// What people call it.
    public var name: String
    /// One sentence about it.
    public var summary: String
    /// The name of the drawing that stands for a photograph; the page has the drawings.
    public var picture: String
    /// The price of one, in cents.
    public var price: Int
    /// How many one customer may ever buy.
    public var limit: Int?
    /// How many there are.
    public var available: Int

    /// Makes a body.
    ///
    /// - Parameters:
    ///   - id: Its id.
    ///   - name: What people call it.
    ///   - summary: One sentence about it.
    ///   - picture: The name of the drawing that stands for a photograph; the page has the drawings.
    ///   - price: The price of one, in cents.
    ///   - limit: How many one customer may ever buy.
    ///   - available: How many there are.
    public init(
        id: String, name: String, summary: String, picture: String, price: Int, limit: Int?, available: Int
    ) {
        self.id = id
        self.name = name
        self.summary = summary
        self.picture = picture
        self.price = price
        self.limit = limit
        self.available = available
    }
}
