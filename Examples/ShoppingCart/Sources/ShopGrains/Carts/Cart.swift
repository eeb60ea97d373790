public import Granary

/// A customer's cart; the key is the customer's name.
///
/// It holds wishes: stock is touched by the checkout alone. While one is under way the cart does not change.
@Grain(errors: ShopError.self)
public actor Cart {
    /// The most of one product that a cart holds.
    public static let largestQuantity = 99
    /// The most different products that a cart holds.
    public static let mostLines = 50

    @Stored var contents = CartContents()

    /// What is in the cart.
    @ReadOnly public func current() -> CartView { view }

    /// Puts something into the cart.
    ///
    /// - Parameters:
    ///   - product: The product's id.
    ///   - quantity: How many more.
    /// - Returns: The cart.
    /// - Throws: ``ShopError``.
    public func add(_ product: String, quantity: Int = 1) async throws -> CartView {
        guard (1...Self.largestQuantity).contains(quantity) else { throw Self.wrongQuantity }
        return try await set(contents.quantity(of: product) + quantity, of: product)
    }

    /// Changes how many of a product are in the cart.
    ///
    /// - Parameters:
    ///   - product: The product's id.
    ///   - quantity: How many; 0 takes it out.
    /// - Returns: The cart.
    /// - Throws: ``ShopError``.
    @Idempotent public func change(_ product: String, to quantity: Int) async throws -> CartView {
        guard (0...Self.largestQuantity).contains(quantity) else { throw Self.wrongQuantity }
        return quantity == 0 ? try await remove(product) : try await set(quantity, of: product)
    }

    /// Takes a product out of the cart; one that is not in it changes nothing.
    ///
    /// - Parameter product: The product's id.
    /// - Returns: The cart.
    /// - Throws: ``ShopError`` while the cart is being checked out.
    @Idempotent public func remove(_ product: String) async throws -> CartView {
        guard let line = contents.lines.first(where: { $0.product.id == product }) else { return view }
        try checkIsOpen()
        contents.set(0, of: line.product)
        try await $contents.save()
        return view
    }

    /// Turns the cart into an order, which ``Checkout`` then drives; asked again by the same request, it names the same.
    ///
    /// - Parameters:
    ///   - card: What the customer pays with.
    ///   - request: A name for this request, different for each one that the customer means.
    /// - Returns: The order's key.
    /// - Throws: ``ShopError`` when the cart is empty or another request has it already.
    @Idempotent public func beginCheckout(card: String, request: String) async throws -> OrderID {
        if let pending = contents.pending, pending.request == request { return orderID(pending.number) }
        if let settled = contents.settled.first(where: { $0.request == request }) { return orderID(settled.number) }
        try checkIsOpen()
        guard !contents.lines.isEmpty else { throw ShopError(.cartEmpty, "There is nothing in the cart.") }
        let order = orderID(contents.lastNumber + 1)
        // On the list before it exists: a crash leaves an entry without an order, never an order without an entry.
        try await context.grain(OpenOrders.self, OpenOrders.part(of: order)).add(order)
        contents.lastNumber = order.number
        contents.pending = PendingOrder(number: order.number, lines: contents.lines, card: card, request: request)
        try await $contents.save()
        return order
    }

    /// What an order under way consists of.
    ///
    /// - Parameter number: The order's number.
    /// - Returns: `nil` when the cart is not becoming this order.
    @ReadOnly public func pendingOrder(_ number: Int) -> PendingOrder? {
        contents.pending?.number == number ? contents.pending : nil
    }

    /// Learns what became of the order under way: one that is completed empties the cart.
    ///
    /// - Parameter order: The settled order; one that is not under way changes nothing.
    /// - Throws: `GrainError` when it cannot be saved.
    @Idempotent public func settle(_ order: Order) async throws {
        guard let pending = contents.pending, pending.number == order.id.number else { return }
        if order.status == .completed {
            contents.lines = []
            for line in order.lines where line.product.limit != nil {
                contents.bought[line.product.id, default: 0] += line.quantity
            }
        }
        contents.pending = nil
        contents.settled.append(.init(request: pending.request, number: pending.number))
        contents.settled.removeFirst(max(0, contents.settled.count - CartContents.memory))
        try await $contents.save()
    }

    private func set(_ quantity: Int, of id: String) async throws -> CartView {
        try checkIsOpen()
        guard quantity <= Self.largestQuantity else { throw Self.wrongQuantity }
        let product = try await context.grain(Catalog.self, Shop.catalogKey).product(id)
        let bought = contents.bought[id] ?? 0
        if let limit = product.limit, quantity + bought > limit {
            throw ShopError(
                .limitReached, "One customer may buy \(limit) of '\(product.name)', and no more.", product: id)
        }
        if contents.quantity(of: id) == 0, contents.lines.count >= Self.mostLines {
            throw ShopError(.cartFull, "A cart holds \(Self.mostLines) different products.")
        }
        contents.set(quantity, of: product)
        try await $contents.save()
        return view
    }

    private func checkIsOpen() throws(ShopError) {
        guard contents.pending == nil else {
            throw ShopError(.checkoutInProgress, "The cart is being checked out; it cannot be changed meanwhile.")
        }
    }

    private static var wrongQuantity: ShopError {
        ShopError(.invalidQuantity, "A quantity must be from 1 to \(largestQuantity).")
    }

    private var view: CartView {
        CartView(
            customer: context.key, lines: contents.lines, pending: contents.pending.map { orderID($0.number) })
    }

    private func orderID(_ number: Int) -> OrderID { OrderID(customer: context.key, number: number) }
}
