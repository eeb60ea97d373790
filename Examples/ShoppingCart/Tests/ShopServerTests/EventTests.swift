import Foundation
import GranaryTestSupport
import ShopAPI
import ShopClient
import Testing

extension ProcessSuites {
    @Suite struct EventTests {
        @Test func `stock is shown live, first as it is and then as it changes`() async throws {
            let shop = try await Programs.openInMemory()
            let client = shop.client
            try await client.add("teapot", quantity: 2, for: "ann")
            let (levels, heard) = AsyncStream.makeStream(of: StockBody.self)
            let watching = Task {
                try await client.http.events("/api/stock/events") { data in
                    heard.yield(try JSONDecoder().decode(StockBody.self, from: Data(data.utf8)))
                    return true
                }
            }
            var seen: [StockBody] = []
            for await level in levels {
                seen.append(level)
                if seen.count == 8 { _ = try await client.checkOut("ann", key: "k") }
                if level.product == "teapot", level.sold == 2 { break }
            }
            #expect(Set(seen.prefix(8).map(\.product)).count == 8)
            let teapots = seen.filter { $0.product == "teapot" }
            #expect(teapots.map(\.available) == [6, 4, 4])
            #expect(teapots.map(\.reserved) == [0, 2, 0])

            // The shop closes: the watcher is let go, in order, and holds nobody up.
            shop.terminate()
            #expect(try await watching.value)
            #expect(await shop.wait() == 0)
        }

        @Test func `a watcher who does not read holds up neither the shop nor its end`() async throws {
            let shop = try await Programs.openInMemory()
            let client = shop.client
            // Asks for the events and never reads them.
            let asked = "GET /api/stock/events HTTP/1.1\\r\\nHost: shop\\r\\n\\r\\n"
            let idle = try ChildProcess([
                "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/\(shop.port); printf '\(asked)' >&3; exec sleep 60",
            ])
            for round in 0..<20 {
                try await client.add("apples", for: "ann")
                _ = try await client.checkOut("ann", key: "\(round)")
            }
            #expect(try await client.stock().first { $0.product == "apples" }?.sold == 20)
            let began = ContinuousClock.now
            shop.terminate()
            #expect(await shop.wait() == 0)
            #expect(began.duration(to: .now) < .seconds(20))
            idle.signal(SIGKILL)
            idle.wait()
        }
    }
}
