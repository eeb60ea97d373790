import Granary
import ShopGrains
import Testing

@Suite struct RaceTests {
    @Test(arguments: StoreKind.allCases)
    func `two customers and one last item: one gets it, the other keeps a cart`(_ kind: StoreKind) async throws {
        let test = try await TestShop.open(
            on: try await kind.make(), (0..<10).map { Offer(.test("last-\($0)"), count: 1) })
        let shop = test.shop
        for round in 0..<10 {
            let product = "last-\(round)"
            let customers = ["ann-\(round)", "ben-\(round)"]
            for customer in customers { _ = try await shop.cart(customer).add(product) }
            async let first = shop.checkOut(customers[0], card: "good", request: "r")
            async let second = shop.checkOut(customers[1], card: "good", request: "r")
            let orders = try await [first, second]
            #expect(orders.map(\.status).sorted { $0.rawValue < $1.rawValue } == [.completed, .failed])
            for (customer, order) in zip(customers, orders) {
                let charges = try await shop.ledger(customer).charges().count
                let lines = try await shop.cart(customer).current().lines.count
                #expect(charges == (order.status == .completed ? 1 : 0))
                #expect(lines == (order.status == .completed ? 0 : 1))
            }
            #expect(
                try await shop.stock(product).level()
                    == StockLevel(product: product, available: 0, reserved: 0, sold: 1))
        }
        try await test.close()
    }

    @Test(arguments: StoreKind.allCases)
    func `a limit of one under 100 adds at once: exactly one is accepted`(_ kind: StoreKind) async throws {
        let test = try await TestShop.open(on: try await kind.make(), [Offer(.test("ticket", limit: 1), count: 50)])
        let cart = test.shop.cart("ann")
        let accepted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { (try? await cart.add("ticket")) != nil } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(accepted == 1)
        #expect(try await cart.current().lines.map(\.quantity) == [1])
        try await test.close()
    }

    /// Husband and wife share a cart: he checks out while she takes something out of it.
    ///
    /// Either she was first, and the order is without it; or he was, and the order has it, whatever she was told.
    @Test(arguments: StoreKind.allCases)
    func `a spouse removes while the other checks out: only serial outcomes`(_ kind: StoreKind) async throws {
        let test = try await TestShop.open(
            on: try await kind.make(),
            [Offer(.test("bread", price: 300), count: 1_000), Offer(.test("wine", price: 900), count: 1_000)])
        let shop = test.shop
        var (with, without) = (0, 0)
        for round in 0..<30 {
            let customer = "family-\(round)"
            _ = try await shop.cart(customer).add("bread")
            _ = try await shop.cart(customer).add("wine")
            // Each goes first as often as the other.
            async let removal = Self.remove("wine", from: customer, in: shop)
            if round.isMultiple(of: 2) { await Task.yield() }
            async let checkout = shop.checkOut(customer, card: "good", request: "r")
            let (order, removed) = (try await checkout, await removal)
            #expect(order.status == .completed)
            let products = order.lines.map(\.product.id)
            #expect(try await shop.ledger(customer).charges().map(\.amount) == [order.total])
            #expect(try await shop.cart(customer).current().lines.isEmpty)
            switch products {
            case ["bread"]:
                without += 1
                #expect(removed?.lines.map(\.product.id) == ["bread"])
            case ["bread", "wine"]:
                with += 1
                // Refused, or too late to find anything.
                #expect(removed == nil || removed?.lines.isEmpty == true)
            default: Issue.record("an order of \(products)")
            }
        }
        #expect(with + without == 30)
        #expect(try await shop.stock("bread").level().sold == 30)
        #expect(
            try await shop.stock("wine").level()
                == StockLevel(product: "wine", available: 1_000 - with, reserved: 0, sold: with))
        try await test.close()
    }

    private static func remove(_ product: String, from customer: String, in shop: Shop) async -> CartView? {
        try? await shop.cart(customer).remove(product)
    }

    @Test(arguments: StoreKind.allCases)
    func `ten thousand buyers and a hundred tickets on one grain: exactly a hundred are sold`(_ kind: StoreKind)
        async throws
    {
        let test = try await TestShop.open(on: try await kind.make(), [Offer(.test("ticket"), count: 100)])
        let stock = test.shop.stock("ticket")
        let outcomes = await withTaskGroup(of: String.self) { group in
            for buyer in 0..<10_000 {
                group.addTask {
                    let order = OrderID(customer: "buyer-\(buyer)", number: 1)
                    do {
                        try await stock.reserve(1, for: order)
                        try await stock.sell(order)
                        return "sold"
                    } catch let error as ShopError {
                        return error.code.rawValue
                    } catch let error as GrainError {
                        return error.code.name
                    } catch {
                        return "\(error)"
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes == ["sold": 100, "outOfStock": 9_900])
        #expect(try await stock.level() == StockLevel(product: "ticket", available: 0, reserved: 0, sold: 100))
        try await test.close()
    }
}
