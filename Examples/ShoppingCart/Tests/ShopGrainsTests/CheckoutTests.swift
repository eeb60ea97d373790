import Granary
import ShopGrains
import Synchronization
import Testing

@Suite struct CheckoutTests {
    private func open(_ payments: (any PaymentProvider)? = nil) async throws -> TestShop {
        let offers = [Offer(.test("pen", price: 150), count: 10), Offer(.test("ink", price: 700), count: 3)]
        guard let payments else { return try await TestShop.open(on: .memory, offers) }
        return try await TestShop.open(on: .memory, offers) { _ in payments }
    }

    @Test func `a checkout charges, sells, writes the history and empties the cart`() async throws {
        let test = try await open()
        _ = try await test.shop.cart("ann").add("pen", quantity: 2)
        _ = try await test.shop.cart("ann").add("ink")
        let order = try await test.shop.checkOut("ann", card: "good", request: "r1")
        #expect(order.status == .completed)
        #expect(order.total == 1_000)
        #expect(try await test.shop.ledger("ann").charges().map(\.amount) == [1_000])
        #expect(
            try await test.shop.stock("pen").level() == StockLevel(product: "pen", available: 8, reserved: 0, sold: 2))
        #expect(try await test.shop.history("ann").newestFirst() == [order])
        #expect(try await test.shop.cart("ann").current().lines.isEmpty)
        #expect(try await test.shop.openOrders().isEmpty)
        try await test.close()
    }

    @Test func `the same request leads to the same order, another one to another`() async throws {
        let test = try await open()
        _ = try await test.shop.cart("ann").add("pen")
        let order = try await test.shop.checkOut("ann", card: "good", request: "r1")
        #expect(try await test.shop.checkOut("ann", card: "good", request: "r1") == order)
        #expect(try await test.shop.ledger("ann").charges().count == 1)
        let error = await #expect(throws: ShopError.self) {
            try await test.shop.checkOut("ann", card: "good", request: "r2")
        }
        #expect(error?.code == .cartEmpty)
        _ = try await test.shop.cart("ann").add("pen")
        #expect(try await test.shop.checkOut("ann", card: "good", request: "r2").id.number == 2)
        try await test.close()
    }

    @Test func `a declined card puts everything back and leaves the cart`() async throws {
        let test = try await open()
        _ = try await test.shop.cart("ann").add("ink", quantity: 2)
        let order = try await test.shop.checkOut("ann", card: DemoPayments.Card.declined, request: "r1")
        #expect(order.status == .failed)
        #expect(order.problem?.code == .paymentDeclined)
        #expect(
            try await test.shop.stock("ink").level() == StockLevel(product: "ink", available: 3, reserved: 0, sold: 0))
        #expect(try await test.shop.ledger("ann").charges().isEmpty)
        #expect(try await test.shop.history("ann").newestFirst().isEmpty)
        #expect(try await test.shop.cart("ann").current().lines.map(\.quantity) == [2])
        #expect(try await test.shop.checkOut("ann", card: "good", request: "r2").status == .completed)
        try await test.close()
    }

    @Test func `too little of one product puts the others back`() async throws {
        let test = try await open()
        _ = try await test.shop.cart("ann").add("pen", quantity: 5)
        _ = try await test.shop.cart("ann").add("ink", quantity: 4)
        let order = try await test.shop.checkOut("ann", card: "good", request: "r1")
        #expect(order.problem?.code == .outOfStock)
        #expect(order.problem?.product == "ink")
        #expect(try await test.shop.stock("pen").level().available == 10)
        #expect(try await test.shop.ledger("ann").charges().isEmpty)
        try await test.close()
    }

    @Test func `a lost answer of the payment provider is asked for again, and charges once`() async throws {
        let test = try await open()
        _ = try await test.shop.cart("ann").add("pen")
        let order = try await test.shop.checkOut("ann", card: DemoPayments.Card.flaky, request: "r1")
        #expect(order.status == .open)
        try await until("the order is settled") { try await test.shop.order(order.id).status == .completed }
        #expect(try await test.shop.ledger("ann").charges().count == 1)
        #expect(try await test.shop.stock("pen").level().sold == 1)
        try await test.close()
    }

    @Test func `a provider that is away at once fails the order; away after a lost answer it does not`() async throws {
        let away = ScriptedPayments([.failure(PaymentError(.unavailable, "away"))])
        let test = try await open(away)
        _ = try await test.shop.cart("ann").add("pen")
        let order = try await test.shop.checkOut("ann", card: "good", request: "r1")
        #expect(order.problem?.code == .paymentUnavailable)
        #expect(try await test.shop.stock("pen").level().available == 10)
        try await test.close()

        let lost = ScriptedPayments([
            .failure(PaymentError(.unknown, "lost")), .failure(PaymentError(.unavailable, "away")), .success("paid"),
        ])
        let second = try await open(lost)
        _ = try await second.shop.cart("ann").add("pen")
        let open = try await second.shop.checkOut("ann", card: "good", request: "r1")
        #expect(open.status == .open)
        try await until("the order is settled") { try await second.shop.order(open.id).status == .completed }
        #expect(try await second.shop.order(open.id).receipt == "paid")
        #expect(lost.orders == Array(repeating: open.id, count: 3))
        try await second.close()
    }

    @Test func `while a payment is slow the cart can be read and not changed`() async throws {
        let gate = GatedPayments()
        let test = try await open(gate)
        let shop = test.shop
        _ = try await shop.cart("ann").add("pen")
        async let order = shop.checkOut("ann", card: "good", request: "r1")
        await gate.asked()
        #expect(try await shop.currentCart("ann").pending == OrderID(customer: "ann", number: 1))
        #expect(try await shop.order(OrderID(customer: "ann", number: 1)).status == .open)
        for refused in [
            { try await shop.cart("ann").add("ink") }, { try await shop.cart("ann").remove("pen") },
            { try await shop.cart("ann").change("pen", to: 2) },
        ] as [@Sendable () async throws -> CartView] {
            let error = await #expect(throws: ShopError.self) { try await refused() }
            #expect(error?.code == .checkoutInProgress)
        }
        let second = await #expect(throws: ShopError.self) {
            try await shop.checkOut("ann", card: "good", request: "r2")
        }
        #expect(second?.code == .checkoutInProgress)
        gate.open()
        #expect(try await order.status == .completed)
        try await test.close()
    }

    @Test func `a limit holds across orders`() async throws {
        let test = try await TestShop.open(on: .memory, [Offer(.test("ticket", limit: 1), count: 5)])
        _ = try await test.shop.cart("ann").add("ticket")
        #expect(try await test.shop.checkOut("ann", card: "good", request: "r1").status == .completed)
        let error = await #expect(throws: ShopError.self) { try await test.shop.cart("ann").add("ticket") }
        #expect(error?.code == .limitReached)
        _ = try await test.shop.cart("ben").add("ticket")
        try await test.close()
    }

    @Test func `stock is taken, sold and put back once per order, and not at all for a settled one`() async throws {
        let test = try await open()
        let stock = test.shop.stock("ink")
        let (first, second) = (OrderID(customer: "ann", number: 1), OrderID(customer: "ben", number: 1))
        try await stock.reserve(2, for: first)
        try await stock.reserve(2, for: first)
        #expect(try await stock.level() == StockLevel(product: "ink", available: 1, reserved: 2, sold: 0))
        try await stock.sell(first)
        try await stock.sell(first)
        try await stock.release(first)
        #expect(try await stock.level() == StockLevel(product: "ink", available: 1, reserved: 0, sold: 2))
        // A request that comes after its order was given up finds nothing to take.
        try await stock.release(second)
        let error = await #expect(throws: ShopError.self) { try await stock.reserve(1, for: second) }
        #expect(error?.code == .orderSettled)
        #expect(try await stock.level() == StockLevel(product: "ink", available: 1, reserved: 0, sold: 2))
        try await test.close()
    }

    @Test func `an order's key reads back, and nothing else does`() {
        let id = OrderID(customer: "a:b", number: 12)
        #expect(OrderID(keyText: id.keyText) == id)
        for text in ["", "ann", "ann:", "ann:0", "ann:-1", "ann:01", "ann:x"] { #expect(OrderID(keyText: text) == nil) }
    }
}
