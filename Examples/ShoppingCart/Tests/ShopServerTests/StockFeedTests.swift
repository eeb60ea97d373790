import ShopGrains
import Synchronization
import Testing

@testable import ShopServer

@Suite struct StockFeedTests {
    private static func level(sold: Int) -> StockLevel {
        StockLevel(product: "pen", available: 1, reserved: 0, sold: sold)
    }

    @Test func `who does not read is dropped, who reads gets everything`() async throws {
        let feed = StockFeed()
        let dropped = Atomic<Int>(0)
        let slow = try #require(feed.watch { dropped.add(1, ordering: .relaxed) })
        let quick = try #require(feed.watch { dropped.add(100, ordering: .relaxed) })
        var reader = quick.events.makeAsyncIterator()
        for sold in 0..<(StockFeed.queue * 3) {
            feed.publish(.change(Self.level(sold: sold)))
            // One that is told again is no change.
            feed.publish(.change(Self.level(sold: sold)))
            #expect(await reader.next() != nil)
        }
        #expect(dropped.load(ordering: .relaxed) == 1)
        #expect(feed.count == 1)
        // What had been queued for the slow one is still there, and then it is over.
        var count = 0
        for await _ in slow.events { count += 1 }
        #expect(count == StockFeed.queue)
    }

    @Test func `there is room for so many and no more, and none once it is closed`() throws {
        let feed = StockFeed(mostWatchers: 2)
        let first = try #require(feed.watch {})
        _ = try #require(feed.watch {})
        #expect((feed.watch {}) == nil)
        #expect(!feed.hasRoom)
        feed.leave(first)
        #expect(feed.hasRoom)
        feed.close()
        #expect((feed.watch {}) == nil)
        #expect(feed.count == 0)
    }
}
