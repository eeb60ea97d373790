import Granary
import GranaryTesting
import NIOCore
import Testing

@Grain("auction") actor Auction {
    private var watchers = ObserverSet<Int>()

    func subscribe(_ watcher: GrainObserver<Int>) -> Bool { watchers.insert(watcher) }
    func unsubscribe(_ watcher: GrainObserver<Int>) -> Bool { watchers.remove(watcher) }
    func bid(_ cents: Int) throws -> Int {
        try watchers.notify(cents)
        return watchers.count
    }
}

@Suite(.timeLimit(.minutes(1))) struct ObserverTests {
    @Test(arguments: [Way.direct, Way.isolated])
    func `D21: an observer is told once, subscribed twice too, and not after it unsubscribed`(way: Way) async throws {
        try await withSilo(settings: way.apply, also: { Auction.self }) { silo, _ in
            let auction = silo.grain(Auction.self, "vase")
            let bids = silo.observe(Int.self)
            let others = silo.observe(Int.self)
            try await #expect(auction.subscribe(bids.observer))
            try await #expect(auction.bid(1) == 1)
            try await #expect(!auction.subscribe(bids.observer))
            try await #expect(auction.subscribe(others.observer))
            try await #expect(auction.bid(2) == 2)
            try await #expect(auction.unsubscribe(bids.observer))
            try await #expect(!auction.unsubscribe(bids.observer))
            try await #expect(auction.bid(3) == 1)
            bids.cancel()
            others.cancel()
            var told: [Int] = []
            for await bid in bids { told.append(bid) }
            #expect(told == [1, 2])
            told = []
            for await bid in others { told.append(bid) }
            #expect(told == [2, 3])
        }
    }

    @Test(arguments: [Way.direct, Way.isolated])
    func `D21: an observer that nobody holds is gone, and is forgotten`(way: Way) async throws {
        try await withSilo(settings: way.apply, also: { Auction.self }) { silo, _ in
            let auction = silo.grain(Auction.self, "vase")
            let kept = silo.observe(Int.self)
            var dropped: GrainObservation<Int>? = silo.observe(Int.self)
            let name = try #require(dropped?.observer)
            for observer in [kept.observer, name] { try await #expect(auction.subscribe(observer)) }
            try await #expect(auction.bid(1) == 2)
            weak let trace = dropped
            dropped = nil
            #expect(trace == nil)
            #expect(silo.runtime._observers.count == 1)
            #expect(try !name.notify(5))
            try await #expect(auction.bid(2) == 1)
            kept.cancel()
            try await #expect(auction.bid(3) == 0)
        }
    }

    @Test func `a slow reader loses the oldest events and holds nobody up`() async throws {
        try await withSilo(also: { Auction.self }) { silo, _ in
            let auction = silo.grain(Auction.self, "vase")
            let bids = silo.observe(Int.self, limit: 3)
            _ = try await auction.subscribe(bids.observer)
            for bid in 1...10 { _ = try await auction.bid(bid) }
            bids.cancel()
            var told: [Int] = []
            for await bid in bids { told.append(bid) }
            #expect(told == [8, 9, 10])
        }
    }

    @Test func `an observer can be decoded by a silo only`() async throws {
        try await withSilo { silo, _ in
            let words = silo.observe(String.self)
            var buffer = ByteBuffer()
            try CBOREncoder().encode(words.observer, into: &buffer)
            let bytes = buffer
            #expect(throws: CodecError.self) {
                try CBORDecoder().decode(GrainObserver<String>.self, exactly: bytes)
            }
            #expect(Set([words.observer, words.observer]).count == 1)
        }
    }
}
