/// A request to check a cart out.
public struct CheckoutRequest: Hashable, Codable, Sendable {
    /// What the customer pays with; a good card unless said otherwise.
    public var card: String?

    /// Makes a request.
    ///
    /// - Parameter card: What the customer pays with.
    public init(card: String? = nil) { self.card = card }
}
