import FoundationEssentials
import HTTPTypes
import Hummingbird
import ShopAPI
import ShopGrains

/// The shop's JSON API.
struct ShopRoutes: Sendable {
    let shop: Shop

    func add(to router: Router<ShopContext>) {
        let api = router.group("api")
        api.get("products", use: products)
        let customer = api.group("customers/:customer")
        customer.get("cart", use: cart)
        customer.get("cart/silo", use: siloOfCart)
        customer.post("cart/items", use: addItem)
        customer.put("cart/items/:product", use: changeItem)
        customer.delete("cart/items/:product", use: removeItem)
        customer.post("checkout", use: checkOut)
        customer.get("orders", use: orders)
        customer.get("orders/:number", use: order)
    }

    @Sendable private func products(_: Request, _: ShopContext) async throws -> Response {
        var bodies: [ProductBody] = []
        for product in try await shop.catalog.all() {
            bodies.append(ProductBody(product, level: try await shop.stock(product.id).level()))
        }
        return try JSON.response(bodies)
    }

    @Sendable private func cart(_: Request, _ context: ShopContext) async throws -> Response {
        try JSON.response(CartBody(try await shop.currentCart(customer(context))))
    }

    /// For the curious, and for the story of the demo.
    @Sendable private func siloOfCart(_: Request, _ context: ShopContext) async throws -> Response {
        try JSON.response(["silo": shop.siloOfCart(try customer(context)) ?? ""])
    }

    @Sendable private func addItem(_ request: Request, _ context: ShopContext) async throws -> Response {
        let item: ItemRequest = try await JSON.body(request, context)
        guard let product = item.product else { throw HTTPError(.badRequest, message: "'product' is missing.") }
        let cart = try await shop.cart(customer(context)).add(product, quantity: item.quantity ?? 1)
        return try JSON.response(CartBody(cart))
    }

    @Sendable private func changeItem(_ request: Request, _ context: ShopContext) async throws -> Response {
        let item: ItemRequest = try await JSON.body(request, context)
        guard let quantity = item.quantity else { throw HTTPError(.badRequest, message: "'quantity' is missing.") }
        let cart = try await shop.cart(customer(context))
            .change(context.parameters.require("product"), to: quantity)
        return try JSON.response(CartBody(cart))
    }

    @Sendable private func removeItem(_: Request, _ context: ShopContext) async throws -> Response {
        let cart = try await shop.cart(customer(context)).remove(context.parameters.require("product"))
        return try JSON.response(CartBody(cart))
    }

    /// A checkout that is repeated with the same `Idempotency-Key` leads to the same order.
    @Sendable private func checkOut(_ request: Request, _ context: ShopContext) async throws -> Response {
        let body: CheckoutRequest = try await JSON.body(request, context)
        let key = HTTPField.Name("Idempotency-Key").flatMap { request.headers[$0] } ?? UUID().uuidString
        guard (1...100).contains(key.utf8.count), (body.card ?? "").utf8.count <= 100 else {
            throw HTTPError(.badRequest, message: "Idempotency-Key and 'card' may have 100 bytes each.")
        }
        let order = try await shop.checkOut(customer(context), card: body.card ?? "good", request: key)
        switch order.status {
        case .completed: return try JSON.response(OrderBody(order), status: .created)
        case .open: return try JSON.response(OrderBody(order), status: .accepted)
        case .failed:
            let problem = order.problem ?? ShopError(.paymentUnavailable, "The order failed.")
            return try Problems.response(to: problem, order: order)
        }
    }

    @Sendable private func orders(_: Request, _ context: ShopContext) async throws -> Response {
        try JSON.response(try await shop.history(customer(context)).newestFirst().map(OrderBody.init))
    }

    @Sendable private func order(_: Request, _ context: ShopContext) async throws -> Response {
        guard let number = context.parameters.get("number", as: Int.self), number > 0 else {
            throw HTTPError(.badRequest, message: "An order's number is a whole number from 1.")
        }
        let id = OrderID(customer: try customer(context), number: number)
        return try JSON.response(OrderBody(try await shop.order(id)))
    }

    /// The customer's name in the path: a few plain letters, so that it can be part of keys.
    private func customer(_ context: ShopContext) throws -> String {
        let name = try context.parameters.require("customer")
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isPlain, (1...40).contains(name.utf8.count) else {
            throw ShopError(
                .invalidCustomer, "A customer's name has 1 to 40 letters of A to Z, digits, '-', '_' and '.'.")
        }
        return name
    }
}
