import Foundation
import ShopAPI
import ShopClient

/// A shopper's day, told as it happens: buying, a crash right after an acknowledgement, and finding everything again.
struct Story {
    /// Something was lost.
    struct Loss: Error, CustomStringConvertible {
        let description: String
    }

    let program: String
    let database: String
    private let start = ContinuousClock.now

    init(program: String, database: String) {
        self.program = program
        self.database = database
    }

    func say(_ text: String) {
        let time = start.duration(to: .now) / .seconds(1)
        print("\(String(format: "%7.2f s", time))  \(text)")
        fflush(nil)
    }

    func check(_ isTrue: Bool, _ loss: @autoclosure () -> String) throws {
        if !isTrue { throw Loss(description: loss()) }
    }

    private func open() async throws -> ShopProcess {
        let shop = try await ShopProcess.open(program, ["--postgres", database])
        say("The shop is open, as process \(shop.identifier), on port \(shop.port).")
        return shop
    }

    /// Kills the shop and waits until it is gone.
    private func kill(_ shop: ShopProcess) async {
        shop.kill()
        let status = await shop.wait()
        say("Process \(shop.identifier) was killed with SIGKILL (status \(status)): it had no chance to save anything.")
    }

    func tell() async throws {
        let customer = "anna-\(UUID().uuidString.prefix(6).lowercased())"
        let first = try await open()
        let opening = try await first.client.stock()

        say("\(customer) fills her cart.")
        try await first.client.add("coffee", quantity: 2, for: customer)
        try await first.client.add("honey", for: customer)
        let cart = try await first.client.add("harvest-ticket", for: customer)
        say("The shop acknowledges: \(describe(cart.lines)), \(money(cart.total)). In that moment it is killed.")
        await kill(first)

        let second = try await open()
        let found = try await second.client.cart(of: customer)
        try check(found == cart, "the cart was \(describe(cart.lines)) and is now \(describe(found.lines))")
        say("The cart is the same: \(describe(found.lines)).")

        let key = UUID().uuidString
        let order = try await second.client.checkOut(customer, key: key)
        try check(order.status == "completed", "the order is \(order.status)")
        say("\(customer) checks out: order \(order.number), \(money(order.total)), receipt \(order.receipt ?? "none").")
        say("The shop has acknowledged the order. In that moment it is killed again.")
        await kill(second)

        let third = try await open()
        let orders = try await third.client.orders(of: customer)
        try check(orders.map(\.number) == [order.number], "the orders are \(orders.map(\.number))")
        try check(orders[0].lines == order.lines && orders[0].receipt == order.receipt, "the order has changed")
        try check(try await third.client.cart(of: customer).lines.isEmpty, "the cart is not empty after the order")
        say("The order is there: \(describe(orders[0].lines)). The cart is empty, as it should be.")

        let again = try await third.client.checkOut(customer, key: key)
        try check(again == order, "the repeated request led to another order")
        say("Her browser sends the same checkout again: the shop answers with the same order and charges nothing.")

        do {
            try await third.client.add("harvest-ticket", for: customer)
            throw Loss(description: "a second ticket could be put into the cart")
        } catch let refusal as ShopRefusal {
            try check(refusal.code == "limitReached", "unexpected answer: \(refusal)")
            say("A second ticket for the supper is refused: \(refusal.problem?.error.message ?? "")")
        }

        try await third.client.add("teapot", for: customer)
        say("\(customer) wants a teapot, too, and pays with a slow card. In the middle of that the shop is killed.")
        async let unanswered = third.client.checkOut(customer, card: "slow", key: UUID().uuidString)
        try await until("the order is under way") {
            try await third.client.stock().contains { $0.product == "teapot" && $0.reserved == 1 }
        }
        await kill(third)
        let answer: OrderBody?
        do { answer = try await unanswered } catch { answer = nil }
        try check(answer == nil, "a dead shop acknowledged an order")
        say("Nobody answered her. The shop starts again and finds the unfinished order.")
        let fourth = try await open()
        try await until("the order is settled") { try await fourth.client.orders(of: customer).count == 2 }
        let teapotOrder = try await fourth.client.order(order.number + 1, of: customer)
        try check(teapotOrder.status == "completed", "the second order is \(teapotOrder.status)")
        say("It went on by itself: order \(teapotOrder.number) is paid, receipt \(teapotOrder.receipt ?? "none").")

        let closing = try await fourth.client.stock()
        for (before, after) in zip(opening, closing) {
            try check(
                before.available + before.reserved + before.sold == after.available + after.reserved + after.sold,
                "the stock of \(before.product) does not add up: \(before), \(after)")
            try check(after.reserved == 0, "\(after.reserved) of \(after.product) are still set aside")
        }
        let sold = zip(opening, closing).map { $1.sold - $0.sold }.reduce(0, +)
        try check(sold == 5, "5 things were bought and \(sold) are gone")
        say("The stock adds up: \(sold) things were bought, \(sold) are gone.")

        fourth.terminate()
        let status = await fourth.wait()
        try check(status == 0, "the shop ended with status \(status): \(fourth.output)")
        say("The shop was asked to stop, finished what it was doing, and closed. Nothing was lost.")
    }

    private func until(_ what: String, _ isSo: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await !isSo() {
            try check(.now < deadline, "waited 30 s in vain until \(what)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func describe(_ lines: [LineBody]) -> String {
        lines.isEmpty ? "nothing" : lines.map { "\($0.quantity) × \($0.name)" }.joined(separator: ", ")
    }

    private func money(_ cents: Int) -> String { "€\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)" }
}
