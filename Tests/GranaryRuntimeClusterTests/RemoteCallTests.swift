import Granary
import GranaryTesting
import Testing

@testable import GranaryRuntime

/// Calls from one silo to a grain on another.
@Suite(.timeLimit(.minutes(2)), .serialized) struct RemoteCallTests {
    @Test(arguments: ClusterKind.allCases)
    func `errors that a grain names arrive as themselves, others described`(kind: ClusterKind) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let silos = try await cluster.startAll("a", "b")
            let key = try await cluster.key(on: "b", through: silos[0])
            await #expect(throws: Refused(entry: -3)) { try await silos[0].ledger(key).add(-3) }
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `a grain calls another one on another silo`(kind: ClusterKind) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let silos = try await cluster.startAll("a", "b")
            let here = try await cluster.key(on: "a", through: silos[0])
            let there = try await cluster.key(on: "b", through: silos[0])
            #expect(try await silos[1].ledger(here).placeOf(there) == "b")
            #expect(try await silos[0].ledger(there).placeOf(here) == "a")
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `C49 a call ends at its deadline, and its turn is cancelled and runs once`(kind: ClusterKind) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let silos = try await cluster.startAll("a", "b")
            let key = try await cluster.key(on: "b", through: silos[0])
            let error = await grainError {
                try await silos[0].ledger(key).within(.milliseconds(200)).waitPatiently(for: "never")
            }
            #expect(error?.code == .timeout)
            await cluster.book.events.wait(for: "\(key) was cancelled on b")
            #expect(cluster.book.events.all.filter { $0 == "\(key) waits on b" }.count == 1)
        }
    }

    @Test(arguments: ClusterKind.allCases)
    func `cancelling the caller cancels the turn on the other silo`(kind: ClusterKind) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let silos = try await cluster.startAll("a", "b")
            let key = try await cluster.key(on: "b", through: silos[0])
            let call = Task { try await silos[0].ledger(key).waitPatiently(for: "never") }
            await cluster.book.events.wait(for: "\(key) waits on b")
            call.cancel()
            await cluster.book.events.wait(for: "\(key) was cancelled on b")
            await #expect(throws: CancellationError.self) { try await call.value }
        }
    }

    @Test func `a call whose time was over before it could start does not start`() async throws {
        try await LedgerCluster.with { cluster in
            let silos = try await cluster.startAll("a", "b")
            let key = try await cluster.key(on: "b", through: silos[0])
            let first = Task { try await silos[0].ledger(key).wait(for: "gate") }
            await cluster.book.events.wait(for: "\(key) waits on b")
            let error = await grainError { try await silos[0].ledger(key).within(.milliseconds(100)).hear(1) }
            #expect(error?.code == .timeout)
            // The other silo's clock may be a little behind.
            await eventually { silos[1].runtime._waits.current().isEmpty }
            cluster.book.latch("gate").open()
            _ = try await first.value
            #expect(try await silos[0].ledger(key).allHeard() == [])
        }
    }
}
