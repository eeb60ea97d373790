import ShopAPI
import ShopClient
import Testing

extension ProcessSuites {
    @Suite struct APITests {
        @Test func `the shop says whether it lives and serves, and shows its page`() async throws {
            let shop = try await Programs.openInMemory()
            let http = shop.client.http
            #expect(shop.output.contains("forgets"))
            #expect(try await http.send("GET", "/health/live").status == 200)
            #expect(try await http.send("GET", "/health/ready").status == 200)
            for (path, type) in [("/", "text/html"), ("/shop.css", "text/css"), ("/shop.js", "text/javascript")] {
                let answer = try await http.send("GET", path)
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"]?.hasPrefix(type) == true)
                #expect(answer.headers["content-security-policy"] != nil)
                #expect(answer.body.count > 500)
            }
            shop.terminate()
            #expect(await shop.wait() == 0)
        }

        @Test func `a customer buys`() async throws {
            let shop = try await Programs.openInMemory()
            let client = shop.client
            let products = try await client.products()
            #expect(products.count == 8)
            #expect(try await client.add("honey", quantity: 2, for: "ann").total == 1_780)
            #expect(try await client.change("honey", to: 3, for: "ann").total == 2_670)
            try await client.add("coffee", for: "ann")
            #expect(try await client.remove("coffee", for: "ann").lines.map(\.product) == ["honey"])
            let order = try await client.checkOut("ann", key: "k1")
            #expect(order.status == "completed")
            #expect(order.total == 2_670)
            #expect(try await client.checkOut("ann", key: "k1") == order)
            #expect(try await client.orders(of: "ann") == [order])
            #expect(try await client.order(1, of: "ann") == order)
            #expect(try await client.cart(of: "ann").lines.isEmpty)
            let honey = try await client.stock().first { $0.product == "honey" }
            #expect(honey == StockBody(product: "honey", available: 21, reserved: 0, sold: 3))
            #expect(try await client.orders(of: "ben").isEmpty)
            shop.terminate()
            #expect(await shop.wait() == 0)
        }

        /// What is asked, and what must be answered.
        struct Refusal: Sendable {
            var method: String
            var path: String
            var body = ""
            var status: Int
            var code: String
        }

        @Test func `mistakes are answered with a status, a code and a message`() async throws {
            let shop = try await Programs.openInMemory()
            let client = shop.client
            try await client.add("harvest-ticket", for: "ann")
            let cart = "/api/customers/ann/cart/items"
            for refusal in [
                Refusal(method: "POST", path: cart, body: "{", status: 400, code: "badRequest"),
                Refusal(method: "POST", path: cart, body: "{}", status: 400, code: "badRequest"),
                Refusal(method: "POST", path: cart, body: #"{"product": 3}"#, status: 400, code: "badRequest"),
                Refusal(
                    method: "POST", path: cart, body: #"{"product": "honey", "quantity": "two"}"#, status: 400,
                    code: "badRequest"),
                Refusal(
                    method: "POST", path: cart, body: #"{"product": "honey", "quantity": 0}"#, status: 400,
                    code: "invalidQuantity"),
                Refusal(
                    method: "POST", path: cart, body: #"{"product": "honey", "quantity": 9223372036854775807}"#,
                    status: 400, code: "invalidQuantity"),
                Refusal(method: "POST", path: cart, body: #"{"product": "gold"}"#, status: 404, code: "unknownProduct"),
                Refusal(
                    method: "POST", path: cart, body: #"{"product": "harvest-ticket"}"#, status: 409,
                    code: "limitReached"),
                Refusal(method: "PUT", path: "\(cart)/honey", body: "{}", status: 400, code: "badRequest"),
                Refusal(
                    method: "PUT", path: "\(cart)/honey", body: #"{"quantity": -1}"#, status: 400,
                    code: "invalidQuantity"),
                Refusal(method: "GET", path: "/api/customers/a%20b/cart", status: 400, code: "invalidCustomer"),
                Refusal(
                    method: "GET", path: "/api/customers/\(String(repeating: "x", count: 41))/cart", status: 400,
                    code: "invalidCustomer"),
                Refusal(method: "GET", path: "/api/customers/ann/orders/1", status: 404, code: "unknownOrder"),
                Refusal(method: "GET", path: "/api/customers/ann/orders/first", status: 400, code: "badRequest"),
                Refusal(method: "POST", path: "/api/customers/ben/checkout", status: 409, code: "cartEmpty"),
                Refusal(
                    method: "POST", path: "/api/customers/ann/checkout", body: #"{"card": "declined"}"#, status: 402,
                    code: "paymentDeclined"),
                Refusal(method: "GET", path: "/api/nothing", status: 404, code: "notFound"),
                Refusal(
                    method: "POST", path: cart, body: String(repeating: " ", count: 20_000), status: 413,
                    code: "badRequest"),
            ] {
                let answer = try await client.http.send(
                    refusal.method, refusal.path, body: Array(refusal.body.utf8))
                #expect(answer.status == refusal.status, "\(refusal): \(answer.text)")
                #expect(answer.text.contains("\"code\":\"\(refusal.code)\""), "\(refusal): \(answer.text)")
                #expect(answer.text.contains("\"message\":\""), "\(refusal): \(answer.text)")
            }
            #expect(try await client.cart(of: "ann").lines.map(\.quantity) == [1])
            shop.terminate()
            #expect(await shop.wait() == 0)
        }

        @Test func `a command line that makes no sense ends with 64 and says how to do better`() async throws {
            for arguments in [[], ["--memory", "--postgres", "x"], ["--memory", "--colour"], ["--memory", "yes"]] {
                do {
                    _ = try await ShopProcess.open(Programs.shop, arguments)
                    Issue.record("the shop opened with \(arguments)")
                } catch let failure as HTTPFailure {
                    #expect(failure.description.contains("status 64"), "\(failure)")
                    #expect(failure.description.contains("usage: shop"), "\(failure)")
                }
            }
        }
    }
}
