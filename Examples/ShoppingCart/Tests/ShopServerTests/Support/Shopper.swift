import Foundation
import ShopAPI
import ShopClient

/// A customer who remembers what the shop acknowledged, and finds out after a crash whether it still knows.
actor Shopper {
    /// Something acknowledged that is gone, or something that nobody asked for.
    struct Loss: Error, CustomStringConvertible {
        let description: String
    }

    private enum Wish: Sendable {
        case set(String, Int)
        case checkOut(card: String, key: String)
    }

    let name: String
    private var random: SplitMix
    /// The cart of the last answer.
    private var cart: [String: Int] = [:]
    /// The orders that were acknowledged as completed, by number.
    private(set) var orders: [Int: OrderBody] = [:]
    /// What was asked for and not answered.
    private var unanswered: Wish?
    /// How many changes were acknowledged.
    private(set) var acknowledged = 0

    init(_ name: String, seed: UInt64) {
        self.name = name
        random = SplitMix(state: seed)
    }

    /// Shops until the shop is gone.
    ///
    /// - Parameters:
    ///   - client: The shop.
    ///   - answered: Called right after each acknowledgement.
    /// - Throws: ``Loss`` when the shop forgot what it had acknowledged, or refuses what it should not.
    func shop(at client: ShopClient, answered: @Sendable () -> Void) async throws {
        let products = ["rye-flour", "honey", "coffee", "apples", "olive-oil"]
        while true {
            let wish: Wish
            if !cart.isEmpty, random.below(4) == 0 {
                wish = .checkOut(
                    card: ["good", "good", "flaky", "declined"][random.below(4)], key: "\(name)-\(random.next())")
            } else {
                wish = .set(products[random.below(products.count)], random.below(3))
            }
            unanswered = wish
            do {
                try await ask(wish, client)
            } catch let loss as Loss {
                throw loss
            } catch let refusal as ShopRefusal {
                // 503 and 504 say that the shop itself is in trouble; those are as good as no answer.
                if refusal.status >= 500 { return }
                throw Loss(description: "\(name) was refused: \(refusal)")
            } catch {
                return
            }
            unanswered = nil
            acknowledged += 1
            answered()
        }
    }

    private func ask(_ wish: Wish, _ client: ShopClient) async throws {
        switch wish {
        case .set(let product, let quantity):
            let answer = try await client.change(product, to: quantity, for: name)
            cart[product] = quantity == 0 ? nil : quantity
            guard Self.quantities(answer.lines) == cart else {
                throw Loss(description: "\(name) holds \(cart) and was answered \(answer)")
            }
        case .checkOut(let card, let key):
            do {
                try await settle(try await client.checkOut(name, card: card, key: key), client)
            } catch let refusal as ShopRefusal where refusal.problem?.order != nil && refusal.status < 500 {
                // The order failed for a reason; the cart stays.
            }
        }
    }

    /// Waits until an order is settled, and writes it down.
    private func settle(_ order: OrderBody, _ client: ShopClient) async throws {
        var order = order
        while order.status == "open" {
            try await Task.sleep(for: .milliseconds(20))
            order = try await client.order(order.number, of: name)
        }
        guard order.status == "completed" else { return }
        guard Self.quantities(order.lines) == cart else {
            throw Loss(description: "\(name) ordered \(cart) and got \(order)")
        }
        guard orders.updateValue(order, forKey: order.number) == nil else {
            throw Loss(description: "\(name) has two orders \(order.number)")
        }
        cart = [:]
    }

    /// Compares what the shop knows after a crash with what it had acknowledged.
    func verify(_ client: ShopClient) async throws {
        if case .checkOut(let card, let key) = unanswered {
            // Asked again with the same key, the shop settles it one way or the other.
            do {
                try await settle(try await client.checkOut(name, card: card, key: key), client)
            } catch let refusal as ShopRefusal where refusal.problem?.order != nil && refusal.status < 500 {}
        }
        let found = Self.quantities(try await client.cart(of: name).lines)
        if case .set(let product, let quantity) = unanswered, found != cart {
            cart[product] = quantity == 0 ? nil : quantity
        }
        unanswered = nil
        guard found == cart else { throw Loss(description: "\(name) held \(cart) and finds \(found)") }
        let known = try await client.orders(of: name)
        guard Dictionary(uniqueKeysWithValues: known.map { ($0.number, $0) }) == orders else {
            throw Loss(description: "\(name) had the orders \(orders.keys.sorted()) and finds \(known)")
        }
    }

    private static func quantities(_ lines: [LineBody]) -> [String: Int] {
        Dictionary(lines.map { ($0.product, $0.quantity) }, uniquingKeysWith: +)
    }
}

/// Steele, Lea and Flood's SplitMix64: small, seeded, and good enough to shop at random.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
