import Foundation
import GranaryTestSupport
import ShopAPI
import ShopClient
import Synchronization
import Testing

extension ProcessSuites {
    /// Real processes, a real database, and SIGKILL in the moment in which a save is acknowledged.
    @Suite struct KillTests {
        private static let kills = ProcessInfo.processInfo.environment["GRANARY_SOAK"] == "1" ? 200 : 20
        /// A database's stock lasts for so many kills.
        private static let killsPerDatabase = 10

        @Test func `nothing acknowledged is lost, no order is half done, and the stock adds up`() async throws {
            var (killed, acknowledged, orders) = (0, 0, 0)
            var seed: UInt64 = 42
            while killed < Self.kills {
                let database = try await PostgresServer.shared().makeDatabase()
                let count = min(Self.killsPerDatabase, Self.kills - killed)
                let shoppers = (0..<4).map { Shopper("shopper-\($0)", seed: seed &+ UInt64($0) &* 7919) }
                seed &+= 1
                for round in 0..<count {
                    try await Self.shopUntilKilled(
                        database, shoppers, after: 1 + Int((seed &* 31 &+ UInt64(round) &* 17) % 13))
                }
                killed += count
                orders += try await Self.verifyAtTheEnd(database, shoppers)
                for shopper in shoppers { acknowledged += await shopper.acknowledged }
            }
            print(
                "Kill test: \(killed) kills, \(acknowledged) acknowledged changes, \(orders) orders: nothing lost, stock adds up."
            )
            #expect(acknowledged >= killed)
            #expect(orders > 0)
        }

        /// Opens the shop, checks that everything is there, and kills it right after an acknowledgement.
        private static func shopUntilKilled(
            _ database: TestDatabase, _ shoppers: [Shopper], after answers: Int
        ) async throws {
            let shop = try await Programs.open(database)
            let client = shop.client
            for shopper in shoppers { try await shopper.verify(client) }
            let left = Countdown(answers)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for shopper in shoppers {
                    group.addTask {
                        try await shopper.shop(at: client) {
                            if left.isOver() { shop.kill() }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(await shop.wait() == 137)
        }

        /// Checks the books: those of the shop over HTTP, and those of the payment provider with plain SQL.
        private static func verifyAtTheEnd(_ database: TestDatabase, _ shoppers: [Shopper]) async throws -> Int {
            let shop = try await Programs.open(database)
            let client = shop.client
            var completed: [OrderBody] = []
            for shopper in shoppers {
                try await shopper.verify(client)
                completed += await shopper.orders.values
                #expect(try await client.cart(of: shopper.name).pending == nil)
            }
            // One charge for each completed order, and none besides.
            let charges = try await database.psql(
                """
                select charge->'order'->>'customer', charge->'order'->>'number', charge->>'amount'
                from granary.state, jsonb_array_elements(data->'charges') charge
                where grain_type = 'PaymentLedger'
                """)
            let paid = charges.split(separator: "\n").sorted()
            var expected: [Substring] = []
            for shopper in shoppers {
                expected += await shopper.orders.values.map { "\(shopper.name)|\($0.number)|\($0.total)"[...] }
            }
            #expect(paid == expected.sorted())
            let open = try await database.psql(
                "select count(*) from granary.state where grain_type = 'OpenOrders' and data <> '[]'")
            #expect(open == "0")
            var sold: [String: Int] = [:]
            for line in completed.flatMap(\.lines) { sold[line.product, default: 0] += line.quantity }
            let opening = ["rye-flour": 40, "honey": 24, "coffee": 30, "apples": 50, "olive-oil": 18]
            for level in try await client.stock() {
                guard let count = opening[level.product] else { continue }
                #expect(level.sold == sold[level.product] ?? 0, "\(level)")
                #expect(level.reserved == 0, "\(level)")
                #expect(level.available + level.sold == count, "\(level)")
            }
            shop.terminate()
            #expect(await shop.wait() == 0)
            return completed.count
        }
    }
}

/// Counts acknowledgements of several customers.
private final class Countdown: Sendable {
    private let left: Atomic<Int>

    init(_ count: Int) { left = Atomic(count) }

    /// Counts one, and says whether it was the last.
    func isOver() -> Bool { left.subtract(1, ordering: .relaxed).newValue == 0 }
}
