import Foundation
import GranaryTestSupport
import ShopAPI
import ShopClient
import Testing

extension ProcessSuites {
    /// The page in a real browser.
    ///
    /// Pictures go into the folder `GRANARY_SCREENSHOTS`, if that is set.
    @Suite struct PageTests {
        private func keep(_ picture: Data, _ name: String) throws {
            guard let folder = ProcessInfo.processInfo.environment["GRANARY_SCREENSHOTS"] else { return }
            try picture.write(to: URL(fileURLWithPath: folder).appendingPathComponent("\(name).png"))
        }

        private func isReady(_ browser: Browser) async throws {
            try await until("the page is ready") {
                try await browser.run("return document.documentElement.dataset.ready") == "yes"
            }
        }

        @Test func `a customer adds, reloads, checks out, and finds everything after a crash`() async throws {
            let database = try await PostgresServer.shared().makeDatabase()
            let first = try await Programs.open(database)
            try await Browser.open { browser in
                try await browser.go(to: "http://127.0.0.1:\(first.port)/?customer=ann")
                try await isReady(browser)
                #expect(try await browser.text("[data-product=teapot] .stock") == "6 in stock")

                try await browser.click("[data-product=honey] .add")
                try await until("honey is in the cart") { try await browser.text("#cart-count") == "1" }
                try await browser.click("[data-product=teapot] .add")
                try await until("the teapot is in the cart") { try await browser.text("#cart-count") == "2" }
                try await browser.click("#lines [data-product=teapot] .more")
                try await until("two teapots are in the cart") { try await browser.text("#cart-count") == "3" }
                #expect(try await browser.text("#cart-total") == "€126.90")
                let drawings = """
                    const uses = [...document.querySelectorAll(".picture use")];
                    const drawn = uses.filter((use) => use.getBBox().width > 5 && use.href.baseVal !== "#icon-crate");
                    return `${drawn.length} of ${uses.length}`;
                    """
                #expect(
                    try await browser.run(drawings) == "10 of 10", "8 products and 2 lines have drawings of their own")
                try keep(try await browser.screenshot(), "cart")

                try await browser.reload()
                try await isReady(browser)
                #expect(try await browser.text("#cart-count") == "3")
                #expect(try await browser.text("#lines [data-product=teapot] .quantity") == "2")

                try await browser.click("#checkout-button")
                try await until("the order is paid") { try await browser.text("#orders li .head") == "Order 1€126.90" }
                #expect(try await browser.text("#notice") == "Thank you! Order 1 is paid: €126.90.")
                #expect(try await browser.text("#cart-count") == "0")
                try await until("the stock has changed") {
                    try await browser.text("[data-product=teapot] .stock") == "Only 4 left"
                }
                try keep(try await browser.screenshot(), "order")

                // Somebody else buys: the page shows it by itself.
                try await first.client.add("teapot", quantity: 4, for: "ben")
                _ = try await first.client.checkOut("ben", key: "k")
                try await until("the teapots are sold out") {
                    try await browser.text("[data-product=teapot] .stock") == "Sold out"
                }
                #expect(
                    try await browser.run("return document.querySelector('[data-product=teapot] .add').disabled")
                        == "true")

                // The shop crashes and comes back on the same port.
                try await browser.click("[data-product=apples] .add")
                try await until("apples are in the cart") { try await browser.text("#cart-count") == "1" }
                first.kill()
                await first.wait()
                let second = try await ShopProcess.open(
                    Programs.shop, ["--postgres", database.conninfo, "--port", "\(first.port)"])
                try await browser.reload()
                try await isReady(browser)
                #expect(try await browser.text("#cart-count") == "1")
                #expect(try await browser.text("#orders li .head") == "Order 1€126.90")

                #expect(try await second.client.orders(of: "ann").count == 1)
                second.terminate()
                #expect(await second.wait() == 0)
            }
        }

        @Test func `the stock that one shop shows follows a purchase through another one`() async throws {
            let database = try await PostgresServer.shared().makeDatabase()
            let north = try await Programs.open(database, named: "north")
            let south = try await Programs.open(database, named: "south")
            try await Browser.open { browser in
                try await browser.go(to: "http://127.0.0.1:\(north.port)/?customer=ann")
                try await isReady(browser)
                // Products whose grains are in either of the two.
                for product in ["teapot", "honey", "coffee", "apples"] {
                    let before = try await north.client.stock().first { $0.product == product }?.available ?? 0
                    try await south.client.add(product, for: "ben")
                    _ = try await south.client.checkOut("ben", key: product)
                    try await until("the page shows that somebody bought \(product)") {
                        try await browser.text("[data-product=\(product)] .stock").contains("\(before - 1)")
                    }
                }
                // The other one goes, and the grains that it had with it: the page follows those as well.
                south.terminate()
                #expect(await south.wait() == 0)
                for product in ["teapot", "honey", "coffee", "apples"] {
                    let before = try await north.client.stock().first { $0.product == product }?.available ?? 0
                    try await north.client.add(product, for: "ben")
                    _ = try await north.client.checkOut("ben", key: "\(product) again")
                    try await until("the page shows that somebody bought \(product) again") {
                        try await browser.text("[data-product=\(product)] .stock").contains("\(before - 1)")
                    }
                }
            }
            north.terminate()
            #expect(await north.wait() == 0)
        }

        @Test func `a declined card is explained, and the cart stays`() async throws {
            let shop = try await Programs.openInMemory()
            try await Browser.open { browser in
                try await browser.go(to: "http://127.0.0.1:\(shop.port)/?customer=ann")
                try await isReady(browser)
                try await browser.click("[data-product=coffee] .add")
                try await until("coffee is in the cart") { try await browser.text("#cart-count") == "1" }
                _ = try await browser.run("document.getElementById('card').value = 'declined'")
                try await browser.click("#checkout-button")
                try await until("it is explained") { try await browser.text("#notice").contains("declined") }
                #expect(try await browser.text("#cart-count") == "1")
                #expect(try await browser.text("[data-product=coffee] .stock") == "30 in stock")

                // The second ticket is refused where the customer sees it.
                try await browser.click("[data-product=harvest-ticket] .add")
                try await until("the ticket is in the cart") { try await browser.text("#cart-count") == "2" }
                try await browser.click("[data-product=harvest-ticket] .add")
                try await until("it is explained") {
                    try await browser.text("#notice").contains("One customer may buy 1")
                }
                #expect(try await browser.text("#cart-count") == "2")
            }
            shop.terminate()
            #expect(await shop.wait() == 0)
        }

        @Test func `a payment whose answer gets lost is settled while the page waits`() async throws {
            let shop = try await Programs.openInMemory()
            try await Browser.open(width: 420, height: 900) { browser in
                try await browser.go(to: "http://127.0.0.1:\(shop.port)/?customer=ann")
                try await isReady(browser)
                try await browser.click("[data-product=coffee] .add")
                try await until("coffee is in the cart") { try await browser.text("#cart-count") == "1" }
                try keep(try await browser.screenshot(), "narrow")
                _ = try await browser.run("document.getElementById('card').value = 'flaky'")
                try await browser.click("#checkout-button")
                try await until("the order is paid") { try await browser.text("#notice").contains("is paid") }
                #expect(try await browser.text("#orders li .head") == "Order 1€11.90")
                // Nothing is wider than the narrow window.
                #expect(
                    try await browser.run("return document.documentElement.scrollWidth <= window.innerWidth") == "true")
                // Every button has a name that a screen reader can say, and every field a label.
                #expect(
                    try await browser.run(
                        "return [...document.querySelectorAll('button')].every((b) => (b.ariaLabel || b.textContent.trim()).length > 1)"
                    ) == "true")
                #expect(
                    try await browser.run(
                        "return [...document.querySelectorAll('input, select')].every((f) => f.labels.length === 1)")
                        == "true")
            }
            shop.terminate()
            #expect(await shop.wait() == 0)
        }
    }
}
