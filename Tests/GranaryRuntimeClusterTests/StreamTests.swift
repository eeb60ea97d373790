import Granary
import GranaryTesting
import Testing

@testable import GranaryRuntime

/// Streams that are read in another silo than the one that produces them.
@Suite(.timeLimit(.minutes(2)), .serialized) struct StreamTests {
    /// A well on silo `b`, as silo `a` sees it.
    private func withWell(
        _ kind: ClusterKind = .memory, settings: (inout SiloConfiguration) -> Void = { _ in },
        _ body: (LedgerCluster, [Silo], Well.Reference) async throws -> Void
    ) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let silos = [try await cluster.join("a"), try await cluster.join("b", settings: settings)]
            try await body(cluster, silos, try await well(on: "b", through: silos[0]))
        }
    }

    private func well(on silo: String, through other: Silo) async throws -> Well.Reference {
        for number in 0... {
            let well = other.grain(Well.self, "well \(number)")
            if try await well.place() == silo { return well }
        }
        throw NoSilo(name: silo)
    }

    private func streams(_ silo: Silo) -> Int { silo.runtime._streams.count }

    @Test(arguments: ClusterKind.allCases)
    func `D16 a stream of another silo is read to its end, and its producer is freed`(kind: ClusterKind) async throws {
        try await withWell(kind) { _, silos, well in
            var read: [Int] = []
            for try await number in try await well.numbers(250) { read.append(number) }
            #expect(read == Array(0..<250))
            #expect(streams(silos[1]) == 0)
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `D17 what was produced before an error arrives, then the error itself`(kind: ClusterKind) async throws {
        try await withWell(kind) { _, silos, well in
            var read: [Int] = []
            await #expect(throws: Refused(entry: 3)) {
                for try await number in try await well.numbersThenThrowing(after: 3) { read.append(number) }
            }
            #expect(read == [0, 1, 2])
            #expect(streams(silos[1]) == 0)
        }
    }

    @Test func `D18 fifty numbers travel in one batch, and one by one in fifty-one`() async throws {
        try await withWell { cluster, _, well in
            var read = 0
            for try await _ in try await well.numbers(50) { read += 1 }
            #expect(read == 50)
            let first = Set(cluster.book.events.all)
            #expect(first.count == 1)
            for try await _ in try await well.numbers(50).batches(of: 1) {}
            #expect(Set(cluster.book.events.all).subtracting(first).count == 51)
        }
    }

    @Test func `D19 a reader that asks for nothing for too long finds no record of its stream`() async throws {
        try await withWell(settings: { $0.callTimeout = .milliseconds(500) }) { _, silos, well in
            var iterator = try await well.numbers(10).batches(of: 1).makeAsyncIterator()
            #expect(try await iterator.next() == 0)
            #expect(streams(silos[1]) == 1)
            await eventually { streams(silos[1]) == 0 }
            let error = await grainError { try await iterator.next() }
            #expect(error?.code == .streamLost)
            #expect(error?.grain == well.id)
            #expect(try await iterator.next() == nil)
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `D20 a stream whose activation ends is lost, and no new activation is made for it`(
        kind: ClusterKind
    ) async throws {
        try await withWell(kind) { _, silos, well in
            var iterator = try await well.numbers(10).batches(of: 2).makeAsyncIterator()
            #expect(try await iterator.next() == 0)
            await silos[1].deactivate(well)
            let active = silos.map(\.activationCount)
            // What was fetched is there; what was not is lost.
            #expect(try await iterator.next() == 1)
            let error = await grainError { try await iterator.next() }
            #expect(error?.code == .streamLost)
            #expect(error?.grain == well.id)
            #expect(silos.map(\.activationCount) == active)
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `D20 a stream is lost when its grain moves, and a new one comes from the new owner`(
        kind: ClusterKind
    ) async throws {
        try await withWell(kind) { cluster, _, well in
            var iterator = try await well.numbers(10).batches(of: 2).makeAsyncIterator()
            #expect(try await iterator.next() == 0)
            try await cluster.stop("b")
            #expect(try await iterator.next() == 1)
            #expect(await grainError { try await iterator.next() }?.code == .streamLost)
            var read: [Int] = []
            for try await number in try await well.numbers(3) { read.append(number) }
            #expect(read == [0, 1, 2])
        }
    }

    @Test func `D20 a stream is lost when its silo dies, while its reader waits too`() async throws {
        try await withWell { cluster, _, well in
            var idle = try await well.numbers(10).batches(of: 2).makeAsyncIterator()
            #expect(try await idle.next() == 0)
            let waiting = Task { for try await _ in try await well.slowly() {} }
            await cluster.book.events.wait(for: "step 0")
            try await cluster.kill("b")
            #expect(await grainError { try await waiting.value }?.code == .streamLost)
            #expect(try await idle.next() == 1)
            #expect(await grainError { try await idle.next() }?.code == .streamLost)
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `D16 a reader that stops early frees the producer`(kind: ClusterKind) async throws {
        try await withWell(kind) { _, silos, well in
            for try await number in try await well.numbers(1_000_000).batches(of: 3) where number == 4 { break }
            await eventually { streams(silos[1]) == 0 }
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `D16 a reader that is cancelled ends at once, and so does the turn that produces`(
        kind: ClusterKind
    ) async throws {
        try await withWell(kind) { cluster, silos, well in
            let reader = Task { for try await _ in try await well.slowly() {} }
            await cluster.book.events.wait(for: "step 0")
            reader.cancel()
            await #expect(throws: CancellationError.self) { try await reader.value }
            await cluster.book.events.wait(for: "step 0 was cancelled")
            await eventually { streams(silos[1]) == 0 }
        }
    }

    @Test func `D16 a stream can be handed on, and is read where it arrives`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b", "c")
            let producer = try await well(on: "a", through: silos[0])
            let middle = try await well(on: "b", through: silos[2])
            var read: [Int] = []
            for try await number in try await middle.numbers(of: producer.key, 5) { read.append(number) }
            #expect(read == [0, 1, 2, 3, 4])
            // And back where it came from.
            read = []
            for try await number in try await silos[0].grain(Well.self, middle.key).numbers(of: producer.key, 3) {
                read.append(number)
            }
            #expect(read == [0, 1, 2])
            #expect(silos.map { streams($0) } == [0, 0, 0])
        }
    }
}
