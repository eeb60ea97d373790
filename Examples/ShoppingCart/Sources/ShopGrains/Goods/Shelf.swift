import Granary

/// The state of a ``ProductStock``.
@Coded
struct Shelf: Sendable {
    /// How many settled orders are remembered.
    static let memory = 64

    var isOpen = false
    var available = 0
    var sold = 0
    /// What is set aside, by order.
    var reservations: [String: Int] = [:]
    /// The orders that were settled last, so that a request which comes late finds no stock to take.
    var settled: [String] = []

    /// Ends an order's claim, whether it had a reservation or not.
    mutating func settle(_ order: OrderID) -> Int? {
        settled.append(order.keyText)
        settled.removeFirst(max(0, settled.count - Self.memory))
        return reservations.removeValue(forKey: order.keyText)
    }
}
