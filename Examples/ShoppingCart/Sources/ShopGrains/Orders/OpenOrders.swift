public import Granary

/// The orders that are not settled, so that a shop which starts can take up what its predecessor left.
///
/// The list is kept in parts, so that no single grain is written for every order of the shop.
@Grain(key: Int.self)
public actor OpenOrders {
    /// How many parts there are; the keys are the numbers from 0.
    public static let parts = 16

    @Stored var orders: Set<String> = []

    /// The part that an order belongs to.
    ///
    /// - Parameter order: The order.
    /// - Returns: The part's key; the same in every process.
    public static func part(of order: OrderID) -> Int {
        Int(order.keyText.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 } % UInt32(parts))
    }

    /// Adds an order.
    ///
    /// - Parameter order: The order.
    /// - Throws: `GrainError` when it cannot be saved.
    @Idempotent public func add(_ order: OrderID) async throws {
        guard !orders.contains(order.keyText) else { return }
        orders.insert(order.keyText)
        try await $orders.save()
    }

    /// Takes a settled order out.
    ///
    /// - Parameter order: The order.
    /// - Throws: `GrainError` when it cannot be saved.
    @Idempotent public func remove(_ order: OrderID) async throws {
        guard orders.contains(order.keyText) else { return }
        orders.remove(order.keyText)
        try await $orders.save()
    }

    /// The orders of this part.
    @ReadOnly public func all() -> [OrderID] { orders.compactMap(OrderID.init(keyText:)) }
}
