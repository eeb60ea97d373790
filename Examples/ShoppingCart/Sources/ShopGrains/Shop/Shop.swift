public import Granary

/// The shop: its grains, and what its front end asks of them.
public struct Shop: Sendable {
    /// The key of the one ``Catalog``.
    static let catalogKey = "main"

    private let silo: Silo

    /// Makes the shop of a silo that hosts its ``grains(retryDelay:payments:)``.
    ///
    /// - Parameter silo: The silo.
    public init(_ silo: Silo) { self.silo = silo }

    /// The grain types of the shop, for a silo's list.
    ///
    /// - Parameters:
    ///   - retryDelay: The pause before a checkout takes a step again that failed; 1 s unless said otherwise.
    ///   - payments: Makes the payment provider of a checkout; the demo's unless said otherwise.
    /// - Returns: The list.
    @HostedGrainsBuilder
    public static func grains(
        retryDelay: Duration = .seconds(1),
        payments: @escaping @Sendable (GrainContext<Checkout>) -> any PaymentProvider = Self.demoPayments
    ) -> [HostedGrain] {
        Catalog.self
        Cart.self
        ProductStock.self
        Checkout.hosted { context in
            Checkout(context: context, payments: payments(context), retryDelay: retryDelay)
        }
        OrderHistory.self
        OpenOrders.self
        PaymentLedger.self
    }

    /// The demo's payment provider, with its books in the same cluster.
    ///
    /// - Parameter context: The checkout that will use it.
    /// - Returns: The provider.
    public static func demoPayments(_ context: GrainContext<Checkout>) -> any PaymentProvider {
        DemoPayments { customer in context.grain(PaymentLedger.self, customer) }
    }

    /// The list of products.
    public var catalog: Catalog.Reference { silo.grain(Catalog.self, Self.catalogKey) }

    /// A customer's cart.
    ///
    /// - Parameter customer: The customer's name.
    /// - Returns: The cart.
    public func cart(_ customer: String) -> Cart.Reference { silo.grain(Cart.self, customer) }

    /// The name of the silo that has a customer's cart.
    ///
    /// - Parameter customer: The customer's name.
    /// - Returns: The name.
    public func siloOfCart(_ customer: String) -> String? { silo.owner(of: cart(customer)) }

    /// The stock of a product.
    ///
    /// - Parameter product: The product's id.
    /// - Returns: The stock.
    public func stock(_ product: String) -> ProductStock.Reference { silo.grain(ProductStock.self, product) }

    /// Makes an observer of stock.
    ///
    /// - Returns: The levels that grains tell it, for as long as somebody holds it.
    public func observeStock() -> GrainObservation<StockLevel> { silo.observe(StockLevel.self) }

    /// Lets an observer know of every product's level, now and after each change.
    ///
    /// A grain that moves or ends forgets its observers: watch again from time to time.
    ///
    /// - Parameter observer: The observer.
    /// - Throws: `GrainError`.
    public func watchStock(_ observer: GrainObserver<StockLevel>) async throws {
        for product in try await catalog.all() { try await stock(product.id).watch(observer) }
    }

    /// The process of an order.
    ///
    /// - Parameter order: The order.
    /// - Returns: The process.
    public func checkout(_ order: OrderID) -> Checkout.Reference { silo.grain(Checkout.self, order) }

    /// A customer's past orders.
    ///
    /// - Parameter customer: The customer's name.
    /// - Returns: The orders.
    public func history(_ customer: String) -> OrderHistory.Reference { silo.grain(OrderHistory.self, customer) }

    /// What the demo's payment provider charged a customer.
    ///
    /// - Parameter customer: The customer's name.
    /// - Returns: The ledger.
    public func ledger(_ customer: String) -> PaymentLedger.Reference { silo.grain(PaymentLedger.self, customer) }
}

extension Shop {
    /// Opens the shop: fills catalog and shelves where they are empty, and takes up the orders that were left unfinished.
    ///
    /// - Parameter offers: What the shop sells.
    /// - Returns: How many orders were taken up; they go on by themselves.
    /// - Throws: `GrainError`.
    @discardableResult
    public func open(_ offers: [Offer]) async throws -> Int {
        try await catalog.fill(offers.map(\.product))
        for offer in offers { try await stock(offer.product.id).open(offer.count) }
        return try await resumeOrders()
    }

    /// Takes up the orders that were left unfinished.
    ///
    /// - Returns: How many there are.
    /// - Throws: `GrainError`.
    @discardableResult
    public func resumeOrders() async throws -> Int {
        var count = 0
        for order in try await openOrders() {
            do {
                try await checkout(order).resume()
                count += 1
            } catch let error as ShopError where error.code == .unknownOrder {
                // The crash came before the cart knew of the order.
            }
        }
        return count
    }

    /// The orders that are not settled.
    ///
    /// - Returns: Their keys; among them may be some that their carts know nothing of.
    /// - Throws: `GrainError`.
    public func openOrders() async throws -> [OrderID] {
        var orders: [OrderID] = []
        for part in 0..<OpenOrders.parts { orders += try await silo.grain(OpenOrders.self, part).all() }
        return orders
    }

    /// Checks a customer's cart out.
    ///
    /// - Parameters:
    ///   - customer: The customer's name.
    ///   - card: What the customer pays with.
    ///   - request: A name for this request; a request that is repeated leads to the same order.
    /// - Returns: The order: completed, failed, or open when the payment is not settled yet.
    /// - Throws: ``ShopError`` when the cart is empty or is being checked out by another request; `GrainError` when the
    ///   shop itself is in trouble.
    public func checkOut(_ customer: String, card: String, request: String) async throws -> Order {
        let order = try await cart(customer).beginCheckout(card: card, request: request)
        return try await checkout(order).run()
    }

    /// A customer's cart; an order that was left unfinished is taken up on the way.
    ///
    /// - Parameter customer: The customer's name.
    /// - Returns: What is in it.
    /// - Throws: `GrainError`.
    public func currentCart(_ customer: String) async throws -> CartView {
        let view = try await cart(customer).current()
        if let order = view.pending { try await checkout(order).nudge() }
        return view
    }

    /// One order of a customer.
    ///
    /// - Parameter id: The order's key.
    /// - Returns: The order.
    /// - Throws: ``ShopError`` when there is none; `GrainError`.
    public func order(_ id: OrderID) async throws -> Order {
        // The cart answers while the checkout is busy with a payment.
        if let pending = try await cart(id.customer).pendingOrder(id.number) {
            return Order(id: id, lines: pending.lines, status: .open)
        }
        guard let order = try await checkout(id).current() else {
            throw ShopError(.unknownOrder, "There is no order \(id.number).")
        }
        return order
    }
}
