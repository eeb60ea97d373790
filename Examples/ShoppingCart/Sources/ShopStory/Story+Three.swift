import Foundation
import ShopAPI
import ShopClient

/// The second act: three shops on one database, one of which is killed, and all of which are replaced.
extension Story {
    private func open(_ name: String, in front: Front) async throws {
        let shop = try await ShopProcess.open(
            program, ["--postgres", database, "--granary-name", name, "--granary-listen", "127.0.0.1:0"])
        front.add(name, shop)
        say("Shop \(name) is open, as process \(shop.identifier), on port \(shop.port).")
    }

    func openThree(in front: Front) async throws {
        for name in ["north", "east", "south"] { try await open(name, in: front) }
        say("The three are one shop: any of them answers for any cart, and each cart lives in one of them.")
    }

    func tellOfThree(in front: Front) async throws {
        try await openThree(in: front)
        try await killTheOwner(in: front)
        try await replaceAll(in: front)
    }

    /// Asks all shops to stop, and waits for them.
    func close(_ front: Front) async throws {
        for name in front.names {
            guard let shop = await front.remove(name) else { continue }
            shop.terminate()
            let status = await shop.wait()
            if status == 128 + SIGKILL {
                say("Shop \(name) had been killed before.")
                continue
            }
            try check(status == 0, "shop \(name) ended with status \(status): \(shop.output)")
        }
        say("All shops were asked to stop, and closed.")
    }

    private func killTheOwner(in front: Front) async throws {
        let customer = "ben-\(UUID().uuidString.prefix(6).lowercased())"
        try await front.ask { try await $0.add("coffee", quantity: 2, for: customer) }
        try await front.ask { try await $0.add("honey", for: customer) }
        let cart = try await front.ask { try await $0.add("teapot", for: customer) }
        say("\(customer) shops through all three: \(describe(cart.lines)).")

        let owner = try await front.ask { try await $0.siloOfCart(of: customer) }
        guard let shop = await front.remove(owner) else {
            throw Loss(description: "the cart is in \(owner), which is not open")
        }
        say("The cart lives in shop \(owner). In this moment that one is killed.")
        shop.kill()
        let began = ContinuousClock.now
        await shop.wait()
        let found = try await front.ask { try await $0.cart(of: customer) }
        let pause = ContinuousClock.now - began
        try check(found == cart, "the cart was \(describe(cart.lines)) and is now \(describe(found.lines))")
        say("Another shop shows the same cart after \(pause / .milliseconds(1)) ms: \(describe(found.lines)).")
        try await open(owner, in: front)
    }

    private func replaceAll(in front: Front) async throws {
        let shoppers = Shoppers(8, through: front)
        try await shoppers.shop {
            try await Task.sleep(for: .seconds(1))
            for name in front.names {
                try await open("\(name)-2", in: front)
                guard let old = await front.remove(name) else { continue }
                old.terminate()
                let status = await old.wait()
                try check(status == 0, "shop \(name) ended with status \(status): \(old.output)")
                say("Shop \(name) was replaced, while eight shoppers went on.")
                try await Task.sleep(for: .milliseconds(500))
            }
        }
        let noticed = shoppers.noticed
        var lost = 0
        for (name, quantity) in noticed.acknowledged {
            let cart = try await front.ask { try await $0.cart(of: name) }
            if cart.lines.map(\.quantity) != [quantity] { lost += 1 }
        }
        say(
            "The shoppers made \(noticed.requests) requests. The longest took "
                + "\(Int(noticed.longestPause / .milliseconds(1))) ms, \(noticed.failures.count) failed, \(lost) carts lost "
                + "something.")
        try check(noticed.failures.isEmpty, "requests failed: \(noticed.failures.prefix(3))")
        try check(lost == 0, "\(lost) carts are not as the shop had said")
    }
}
