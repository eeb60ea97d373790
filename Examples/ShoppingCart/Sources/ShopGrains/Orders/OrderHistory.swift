public import Granary

/// A customer's past orders; the key is the customer's name.
@Grain
public actor OrderHistory {
    /// How many orders the list holds; older ones are still there under their own keys.
    static let length = 200

    @Stored var orders: [Order] = []

    /// Adds an order; adding it again changes nothing.
    ///
    /// - Parameter order: The order.
    /// - Throws: `GrainError` when it cannot be saved.
    @Idempotent public func add(_ order: Order) async throws {
        guard !orders.contains(where: { $0.id == order.id }) else { return }
        orders.append(order)
        orders.removeFirst(max(0, orders.count - Self.length))
        try await $orders.save()
    }

    /// The orders, the newest first.
    @ReadOnly public func newestFirst() -> [Order] { orders.reversed() }
}
