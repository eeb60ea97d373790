import Granary

/// The state of a ``Cart``.
@Coded
struct CartContents: Sendable {
    /// How many settled requests are remembered.
    static let memory = 16

    var lines: [OrderLine] = []
    var pending: PendingOrder?
    /// The number of the last order.
    var lastNumber = 0
    /// How many of the products that have a limit the customer has bought.
    var bought: [String: Int] = [:]
    /// The last settled requests and the orders that came of them.
    var settled: [SettledRequest] = []

    func quantity(of product: String) -> Int {
        lines.first { $0.product.id == product }?.quantity ?? 0
    }

    mutating func set(_ quantity: Int, of product: Product) {
        if let index = lines.firstIndex(where: { $0.product.id == product.id }) {
            if quantity == 0 { lines.remove(at: index) } else { lines[index] = OrderLine(product, quantity: quantity) }
        } else if quantity > 0 {
            lines.append(OrderLine(product, quantity: quantity))
        }
    }

    @Coded
    struct SettledRequest: Sendable {
        var request: String
        var number: Int
    }
}
