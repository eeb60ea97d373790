import Granary
import ShopGrains
import Testing

@Suite struct CartTests {
    private func open() async throws -> TestShop {
        try await TestShop.open(
            on: .memory, [Offer(.test("pen", price: 150), count: 10), Offer(.test("ink", price: 700), count: 3)])
    }

    @Test func `a cart adds, changes and takes out`() async throws {
        let test = try await open()
        let cart = test.shop.cart("ann")
        #expect(try await cart.add("pen", quantity: 2).total == 300)
        #expect(try await cart.add("pen").lines == [OrderLine(.test("pen", price: 150), quantity: 3)])
        #expect(try await cart.add("ink").total == 1_150)
        #expect(try await cart.change("pen", to: 1).total == 850)
        #expect(try await cart.change("pen", to: 0).lines.map(\.product.id) == ["ink"])
        #expect(try await cart.remove("ink").lines.isEmpty)
        try await test.close()
    }

    @Test func `putting into a cart takes no stock, and taking out creates none`() async throws {
        let test = try await open()
        let cart = test.shop.cart("ann")
        _ = try await cart.add("ink", quantity: 3)
        #expect(try await test.shop.stock("ink").level().available == 3)
        _ = try await cart.remove("ink")
        _ = try await cart.remove("ink")
        _ = try await cart.remove("pen")
        _ = try await cart.remove("no such thing")
        #expect(
            try await test.shop.stock("ink").level() == StockLevel(product: "ink", available: 3, reserved: 0, sold: 0))
        #expect(
            try await test.shop.stock("pen").level() == StockLevel(product: "pen", available: 10, reserved: 0, sold: 0))
        try await test.close()
    }

    @Test(arguments: [
        ("pen", 0, ShopError.Code.invalidQuantity), ("pen", -1, .invalidQuantity), ("pen", 100, .invalidQuantity),
        ("pencil", 1, .unknownProduct), ("", 1, .unknownProduct),
    ])
    func `a wish that makes no sense is refused and changes nothing`(
        _ product: String, _ quantity: Int, _ code: ShopError.Code
    ) async throws {
        let test = try await open()
        let cart = test.shop.cart("ann")
        _ = try await cart.add("pen")
        let error = await #expect(throws: ShopError.self) { try await cart.add(product, quantity: quantity) }
        #expect(error?.code == code)
        #expect(try await cart.current().lines.map(\.quantity) == [1])
        try await test.close()
    }

    @Test func `many small wishes do not get past the largest quantity`() async throws {
        let test = try await open()
        let cart = test.shop.cart("ann")
        _ = try await cart.add("pen", quantity: 98)
        _ = try await cart.add("pen")
        let error = await #expect(throws: ShopError.self) { try await cart.add("pen") }
        #expect(error?.code == .invalidQuantity)
        #expect(try await cart.current().lines.map(\.quantity) == [99])
        try await test.close()
    }

    @Test func `adds from two devices at once all count`() async throws {
        let test = try await open()
        let cart = test.shop.cart("ann")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 { group.addTask { _ = try await cart.add("pen") } }
            for _ in 0..<40 { group.addTask { _ = try await cart.add("ink") } }
            try await group.waitForAll()
        }
        #expect(Set(try await cart.current().lines.map(\.quantity)) == [40])
        #expect(try await cart.current().lines.count == 2)
        try await test.close()
    }

    @Test(arguments: StoreKind.allCases)
    func `a cart is still there when the silo has gone`(_ kind: StoreKind) async throws {
        let store = try await kind.make()
        let first = try await TestShop.open(on: store, [Offer(.test("pen"), count: 10)])
        let cart = try await first.shop.cart("ann").add("pen", quantity: 4)
        try await first.close()
        let second = try await TestShop.start(on: store)
        #expect(try await second.shop.currentCart("ann") == cart)
        try await second.close()
    }
}
