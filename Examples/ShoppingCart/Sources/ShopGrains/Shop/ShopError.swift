/// What the shop has to say to a customer.
public struct ShopError: Error, Hashable, Codable, Sendable {
    /// The kind of error.
    public var code: Code
    /// What happened, in words for the customer.
    public var message: String
    /// The product that it is about, if it is about one.
    public var product: String?

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: The kind of error.
    ///   - message: What happened, in words for the customer.
    ///   - product: The product that it is about.
    public init(_ code: Code, _ message: String, product: String? = nil) {
        self.code = code
        self.message = message
        self.product = product
    }

    /// The kind of a ``ShopError``; more kinds may come.
    public struct Code: RawRepresentable, Hashable, Codable, Sendable {
        /// The stable name.
        public let rawValue: String

        /// Names a kind.
        ///
        /// - Parameter rawValue: The stable name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// There is no such product.
        public static let unknownProduct = Code(rawValue: "unknownProduct")
        /// There is no such order.
        public static let unknownOrder = Code(rawValue: "unknownOrder")
        /// A customer's name has letters that it may not have, or too many of them.
        public static let invalidCustomer = Code(rawValue: "invalidCustomer")
        /// A quantity is too small or too large.
        public static let invalidQuantity = Code(rawValue: "invalidQuantity")
        /// The customer has, or has bought, as many of a product as one customer may.
        public static let limitReached = Code(rawValue: "limitReached")
        /// The cart holds as many different products as a cart can.
        public static let cartFull = Code(rawValue: "cartFull")
        /// There is nothing to check out.
        public static let cartEmpty = Code(rawValue: "cartEmpty")
        /// The cart is being checked out and cannot be changed meanwhile.
        public static let checkoutInProgress = Code(rawValue: "checkoutInProgress")
        /// There is not enough of a product.
        public static let outOfStock = Code(rawValue: "outOfStock")
        /// The order was paid or given up before.
        public static let orderSettled = Code(rawValue: "orderSettled")
        /// The payment was declined.
        public static let paymentDeclined = Code(rawValue: "paymentDeclined")
        /// The payment provider is away, and nothing was charged.
        public static let paymentUnavailable = Code(rawValue: "paymentUnavailable")
    }
}

extension ShopError: CustomStringConvertible {
    /// Code and message.
    public var description: String { "\(code.rawValue): \(message)" }
}
