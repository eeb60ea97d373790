import Foundation
import GranaryTestSupport
import ShopAPI
import ShopClient
import Testing

extension ProcessSuites {
    @Suite struct DrainTests {
        @Test func `told to stop, the shop answers who has asked and keeps what it has`() async throws {
            let database = try await PostgresServer.shared().makeDatabase()
            let first = try await Programs.open(database)
            let client = first.client
            try await client.add("honey", for: "ann")
            async let order = client.checkOut("ann", card: "slow", key: "k")
            try await until("the payment is under way") {
                try await client.stock().contains { $0.product == "honey" && $0.reserved == 1 }
            }
            first.terminate()
            #expect(try await order.status == "completed")
            #expect(await first.wait() == 0)
            #expect(first.output.contains("The shop is closed."))

            let second = try await Programs.open(database)
            #expect(try await second.client.orders(of: "ann") == [try await order])
            second.terminate()
            #expect(await second.wait() == 0)
        }

        @Test func `a database without the schema is refused with the command to run, and migrated on demand`()
            async throws
        {
            let database = try await PostgresServer.shared().makeDatabase(isMigrated: false)
            do {
                _ = try await Programs.open(database)
                Issue.record("the shop opened on an empty database")
            } catch let failure as HTTPFailure {
                #expect(failure.description.contains("granary migrate"), "\(failure)")
                #expect(failure.description.contains("status 1"), "\(failure)")
            }
            let shop = try await ShopProcess.open(Programs.shop, ["--postgres", database.conninfo, "--migrate"])
            try await shop.client.add("honey", for: "ann")
            shop.kill()
            await shop.wait()
            let next = try await Programs.open(database)
            #expect(try await next.client.cart(of: "ann").lines.map(\.product) == ["honey"])
            next.terminate()
            #expect(await next.wait() == 0)
        }

        @Test func `three shops behind one address stay open until Ctrl-C, also when one of them is killed`()
            async throws
        {
            let database = try await PostgresServer.shared().makeDatabase()
            let folder = try TemporaryFolder("stay")
            defer { folder.remove() }
            let output = folder.file("told")
            let story = try ChildProcess(
                [Programs.story, "--open"],
                environment: ["GRANARY_SHOP": Programs.shop, "GRANARY_POSTGRES_URL": database.conninfo], output: output)
            defer { story.signal(SIGKILL) }
            func told() -> String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }
            try await until("the shops are open") { told().contains("kill -9") }
            let address = try #require(told().firstMatch(of: #/http://127\.0\.0\.1:([0-9]+)\//#))
            let victim = try #require(told().firstMatch(of: #/Behind it: [a-z]+, process ([0-9]+)/#))
            let client = ShopClient(HTTPClient(port: try #require(Int(address.1))))
            for _ in 0..<6 { try await client.add("honey", for: "ann") }
            kill(try #require(Int32(victim.1)), SIGKILL)
            // Its connections are closed, and the next one is handed to another shop.
            try await until("another shop answers") { (try? await client.cart(of: "ann").lines.map(\.quantity)) == [6] }
            story.signal(SIGINT)
            #expect(story.wait() == 0)
            #expect(told().contains("had been killed before"))
            #expect(told().contains("All shops were asked to stop, and closed."))
        }

        @Test func `the story of the demo ends well`() async throws {
            let database = try await PostgresServer.shared().makeDatabase()
            let told = try await Command(
                [Programs.story, "--once"],
                environment: ["GRANARY_SHOP": Programs.shop, "GRANARY_POSTGRES_URL": database.conninfo]
            ).run()
            #expect(told.contains("The cart is the same"))
            #expect(told.contains("It went on by itself"))
            #expect(told.contains("Nothing was lost."))
            #expect(told.contains("Another shop shows the same cart"))
            #expect(told.contains("0 failed, 0 carts lost something."))
        }
    }
}
