public import Granary

/// The stock of one product; the key is the product's id.
///
/// Stock leaves the shelf only for an order: it is set aside, and then either sold or put back. All three may be asked
/// for any number of times with the same order and take effect once. A cart holds wishes and no stock, so taking
/// something out of a cart puts nothing back here.
@Grain(errors: ShopError.self)
public actor ProductStock {
    @Stored var shelf = Shelf()
    /// Who is told of every change, in whatever silo.
    private var watchers = ObserverSet<StockLevel>()

    /// Fills the shelf for the first time; later calls change nothing.
    ///
    /// - Parameter count: How many there are.
    /// - Throws: ``ShopError`` when there are less than none; `GrainError` when it cannot be saved.
    @Idempotent public func open(_ count: Int) async throws {
        guard !shelf.isOpen else { return }
        guard count >= 0 else { throw ShopError(.invalidQuantity, "A stock cannot be less than nothing.") }
        shelf.isOpen = true
        shelf.available = count
        try await save()
    }

    /// Sets some aside for an order.
    ///
    /// - Parameters:
    ///   - quantity: How many; with a reservation that is there already it plays no part.
    ///   - order: The order.
    /// - Throws: ``ShopError`` when there are not enough, or when the order was settled before.
    @Idempotent public func reserve(_ quantity: Int, for order: OrderID) async throws {
        guard shelf.reservations[order.keyText] == nil else { return }
        guard quantity > 0 else { throw ShopError(.invalidQuantity, "At least one must be reserved.") }
        guard !shelf.settled.contains(order.keyText) else {
            throw ShopError(.orderSettled, "Order \(order) is settled; nothing more is reserved for it.")
        }
        guard shelf.available >= quantity else {
            throw ShopError(
                .outOfStock,
                shelf.available == 0
                    ? "'\(context.key)' is sold out." : "Only \(shelf.available) of '\(context.key)' are left.",
                product: context.key)
        }
        shelf.available -= quantity
        shelf.reservations[order.keyText] = quantity
        try await save()
    }

    /// Sells what is set aside for an order; without a reservation it was sold before.
    ///
    /// - Parameter order: The order.
    /// - Throws: `GrainError` when it cannot be saved.
    @Idempotent public func sell(_ order: OrderID) async throws {
        guard shelf.reservations[order.keyText] != nil else { return }
        shelf.sold += shelf.settle(order) ?? 0
        try await save()
    }

    /// Puts back what is set aside for an order, and refuses to set more aside for it.
    ///
    /// - Parameter order: The order.
    /// - Throws: `GrainError` when it cannot be saved.
    @Idempotent public func release(_ order: OrderID) async throws {
        guard shelf.reservations[order.keyText] != nil || !shelf.settled.contains(order.keyText) else { return }
        shelf.available += shelf.settle(order) ?? 0
        try await save()
    }

    /// Tells an observer how much there is, now and after each change that is saved.
    ///
    /// The activation remembers its observers, and the next one does not: watch again from time to time.
    ///
    /// - Parameter observer: The observer.
    /// - Throws: Nothing in practice: a level can always travel.
    @Idempotent public func watch(_ observer: GrainObserver<StockLevel>) throws {
        watchers.insert(observer)
        // On the way that changes take, so that none of them is overtaken.
        try observer.notify(current)
    }

    /// How much there is.
    @ReadOnly public func level() -> StockLevel { current }

    private var current: StockLevel {
        StockLevel(
            product: context.key, available: shelf.available, reserved: shelf.reservations.values.reduce(0, +),
            sold: shelf.sold)
    }

    private func save() async throws {
        try await $shelf.save()
        try watchers.notify(current)
    }
}
