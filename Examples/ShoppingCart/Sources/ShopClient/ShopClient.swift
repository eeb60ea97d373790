internal import Foundation
public import ShopAPI

/// The shop's JSON API.
public struct ShopClient: Sendable {
    /// The connection.
    public var http: HTTPClient

    /// Makes a client.
    ///
    /// - Parameter http: The connection.
    public init(_ http: HTTPClient) { self.http = http }

    /// All products with their stock.
    public func products() async throws -> [ProductBody] { try await ask("GET", "/api/products") }

    /// The stock of all products.
    public func stock() async throws -> [StockBody] { try await ask("GET", "/api/stock") }

    /// A customer's cart.
    public func cart(of customer: String) async throws -> CartBody {
        try await ask("GET", "/api/customers/\(customer)/cart")
    }

    /// The name of the silo that has a customer's cart.
    public func siloOfCart(of customer: String) async throws -> String {
        let body: [String: String] = try await ask("GET", "/api/customers/\(customer)/cart/silo")
        return body["silo"] ?? ""
    }

    /// Puts something into a cart.
    @discardableResult
    public func add(_ product: String, quantity: Int = 1, for customer: String) async throws -> CartBody {
        try await ask(
            "POST", "/api/customers/\(customer)/cart/items", ItemRequest(product: product, quantity: quantity))
    }

    /// Changes how many of a product are in a cart.
    @discardableResult
    public func change(_ product: String, to quantity: Int, for customer: String) async throws -> CartBody {
        try await ask(
            "PUT", "/api/customers/\(customer)/cart/items/\(product)", ItemRequest(quantity: quantity))
    }

    /// Takes a product out of a cart.
    @discardableResult
    public func remove(_ product: String, for customer: String) async throws -> CartBody {
        try await ask("DELETE", "/api/customers/\(customer)/cart/items/\(product)")
    }

    /// Checks a cart out.
    ///
    /// - Parameters:
    ///   - customer: The customer's name.
    ///   - card: What the customer pays with.
    ///   - key: The name of this checkout; repeated with the same name it leads to the same order.
    /// - Returns: The order, completed or still open.
    /// - Throws: ``ShopRefusal`` when the order fails.
    public func checkOut(_ customer: String, card: String = "good", key: String) async throws -> OrderBody {
        try await ask(
            "POST", "/api/customers/\(customer)/checkout", CheckoutRequest(card: card), ["Idempotency-Key": key])
    }

    /// A customer's past orders, the newest first.
    public func orders(of customer: String) async throws -> [OrderBody] {
        try await ask("GET", "/api/customers/\(customer)/orders")
    }

    /// One order.
    public func order(_ number: Int, of customer: String) async throws -> OrderBody {
        try await ask("GET", "/api/customers/\(customer)/orders/\(number)")
    }

    private func ask<Body: Decodable>(_ method: String, _ path: String) async throws -> Body {
        try read(try await http.send(method, path))
    }

    private func ask<Body: Decodable>(
        _ method: String, _ path: String, _ body: some Encodable, _ headers: [String: String] = [:]
    ) async throws -> Body {
        let headers = headers.merging(["Content-Type": "application/json"]) { own, _ in own }
        return try read(
            try await http.send(method, path, headers: headers, body: [UInt8](JSONEncoder().encode(body))))
    }

    private func read<Body: Decodable>(_ answer: HTTPAnswer) throws -> Body {
        let data = Data(answer.body)
        guard (200..<300).contains(answer.status) else {
            throw ShopRefusal(status: answer.status, problem: try? JSONDecoder().decode(ProblemBody.self, from: data))
        }
        return try JSONDecoder().decode(Body.self, from: data)
    }
}
