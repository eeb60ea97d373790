import Granary
import GranaryTesting
import Testing

@testable import GranaryRuntime

/// Observers in another silo than the grain that tells them what happens.
@Suite(.timeLimit(.minutes(2)), .serialized) struct ObserverTests {
    /// An auction on silo `b`, as silo `a` sees it.
    private func withAuction(
        _ kind: ClusterKind = .memory, _ body: (LedgerCluster, [Silo], Auction.Reference) async throws -> Void
    ) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let silos = try await cluster.startAll("a", "b")
            for number in 0... {
                let auction = silos[0].grain(Auction.self, "lot \(number)")
                if silos[0].owner(of: auction) == "b" { return try await body(cluster, silos, auction) }
            }
        }
    }

    /// Reads events until one is the last.
    private func read(_ bids: GrainObservation<Int>, upTo last: Int) async -> [Int] {
        var told: [Int] = []
        for await bid in bids {
            told.append(bid)
            if bid == last { break }
        }
        return told
    }

    @Test(arguments: ClusterKind.allCases)
    func `D21 an observer in another silo is told once, and not after it unsubscribed`(kind: ClusterKind) async throws {
        try await withAuction(kind) { _, silos, auction in
            let bids = silos[0].observe(Int.self)
            let others = silos[1].observe(Int.self)
            try await #expect(auction.subscribe(bids.observer))
            try await #expect(auction.bid(1) == 1)
            try await #expect(!auction.subscribe(bids.observer))
            try await #expect(auction.subscribe(others.observer))
            try await #expect(auction.bid(2) == 2)
            #expect(await read(bids, upTo: 2) == [1, 2])
            try await #expect(auction.unsubscribe(bids.observer))
            try await #expect(auction.bid(3) == 1)
            #expect(await read(others, upTo: 3) == [2, 3])
            // It comes after a bid that it was not told of.
            try await #expect(auction.subscribe(bids.observer))
            try await #expect(auction.bid(4) == 2)
            #expect(await read(bids, upTo: 4) == [4])
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `D21 events arrive in the order in which they were told, and none is lost to a quick reader`(
        kind: ClusterKind
    ) async throws {
        try await withAuction(kind) { _, silos, auction in
            let bids = silos[0].observe(Int.self, limit: 10_000)
            #expect(try await auction.subscribe(bids.observer))
            async let told = read(bids, upTo: 2_000)
            for bid in 1...2_000 { _ = try await silos[1].grain(Auction.self, auction.key).bid(bid) }
            #expect(await told == Array(1...2_000))
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `D21 an observer that nobody holds is found gone, and is forgotten`(kind: ClusterKind) async throws {
        try await withAuction(kind) { _, silos, auction in
            var dropped: GrainObservation<Int>? = silos[0].observe(Int.self)
            let name = try #require(dropped?.observer)
            #expect(try await auction.subscribe(name))
            dropped = nil
            await eventually { (try? await auction.bid(1)) == 0 }
        }
    }

    @Test func `D21 an observer whose silo dies is forgotten`() async throws {
        try await withAuction { cluster, silos, auction in
            let bids = silos[0].observe(Int.self)
            #expect(try await auction.subscribe(bids.observer))
            let local = silos[1].grain(Auction.self, auction.key)
            #expect(try await local.bid(1) == 1)
            try await cluster.kill("a")
            await eventually { (try? await local.bid(2)) == 0 }
        }
    }

    @Test func `D21 a silo that reads slowly loses the oldest events, and holds nobody up`() async throws {
        try await withAuction { cluster, silos, auction in
            let bids = silos[0].observe(Int.self, limit: 3)
            #expect(try await auction.subscribe(bids.observer))
            let local = silos[1].grain(Auction.self, auction.key)
            async let told = read(bids, upTo: 1_000)
            try cluster.cluster.freeze(silos[0])
            for bid in 1...1_000 { #expect(try await local.bid(bid) == 1) }
            try cluster.cluster.thaw(silos[0])
            let read = await told
            #expect(read.suffix(3) == [998, 999, 1_000])
            #expect(read.count < 100)
            #expect(read == read.sorted())
        }
    }
}
