import Granary

struct Contents: Codable, Sendable {
    var quantities: [String: Int] = [:]
}

@Grain
actor ShoppingCart {
    @Stored var contents = Contents()  // loaded before the first call

    func add(_ product: String, quantity: Int = 1) async throws -> Int {
        contents.quantities[product, default: 0] += quantity
        try await $contents.save()  // when this returns, it is committed
        return contents.quantities[product, default: 0]
    }

    @ReadOnly func current() -> [String: Int] { contents.quantities }
}

let silo = Silo { ShoppingCart.self }  // keeps states in memory; see below for PostgreSQL
try await silo.start()

let cart = silo.grain(ShoppingCart.self, "alice")  // a reference: nothing is activated yet
print("tea:", try await cart.add("tea", quantity: 2))
print(try await cart.current())

try await silo.shutDown()
