import Foundation
import GranaryCore
import GranaryPostgres
import GranaryTestSupport
import GranaryTesting
import Synchronization
import Testing

/// Many writers, cut connections and a death, on a real server: what was acknowledged is there, and nothing else.
@Suite(.timeLimit(.minutes(30))) struct PostgresHistoryTests {
    /// One hundred times as long with `GRANARY_SOAK=1`; another seed with `GRANARY_SEED`.
    private static let environment = ProcessInfo.processInfo.environment
    private static let operations = environment["GRANARY_SOAK"] == "1" ? 20_000 : 200
    private static let seed = environment["GRANARY_SEED"].flatMap { UInt64($0) } ?? .random(in: .min ... .max)
    fileprivate static let writers = 16

    @Test func `acknowledged writes are there and refused ones are not, whatever is cut`() async throws {
        let database = try await PostgresServer.shared().makeDatabase()
        let doomed = try await database.addActiveMember(named: "doomed")
        let steady = try await database.addActiveMember(named: "steady")
        let backend = PostgresBackend.postgres(database.conninfo)
        let connections = [try await backend.connect(Fixture.context), try await backend.connect(Fixture.context)]
        let history = StateHistory()
        let progress = Progress()
        let seed = Self.seed
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<Self.writers {
                let connection = connections[number % 2]
                let store = connection.stateStore(writingAs: number % 4 == 0 ? doomed : steady)
                group.addTask {
                    let writer = HistoryWriter(
                        store: store, history: history, random: SeededRandomSource(seed: seed &+ UInt64(number)))
                    for _ in 0..<Self.operations {
                        try await writer.step()
                        progress.raise()
                    }
                    progress.end()
                }
            }
            group.addTask {
                // A cut after every few hundred operations, and half-way the death of one member.
                let total = Self.writers * Self.operations
                for cut in 1... {
                    await progress.reached(cut * max(total / 20, 1), writers: Self.writers)
                    if progress.isOver(writers: Self.writers) { return }
                    try await database.psql(
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
                            + "and pid <> pg_backend_pid()")
                    guard cut == 10 else { continue }
                    while true {
                        let view = try await connections[1].membership.read()
                        let death = try await connections[1].membership.declareDead(
                            [doomed], view: view.number, reason: "test", proven: false)
                        if death != nil { break }
                    }
                }
            }
            try await group.waitForAll()
        }
        let problems = try await history.verify(connections[1].stateStore(writingAs: steady))
        #expect(problems == [], "seed \(seed)")
        #expect(history.count > Self.operations)
        for connection in connections { await connection.close() }
    }

    /// How far the writers are; one task waits for it.
    private final class Progress: Sendable {
        private struct Counts {
            var done = 0
            var ended = 0
            var waiting: (count: Int, continuation: CheckedContinuation<Void, Never>)?
        }

        private let state = Mutex(Counts())

        func raise() { resume { $0.done += 1 } }
        func end() { resume { $0.ended += 1 } }
        func isOver(writers: Int) -> Bool { state.withLock { $0.ended == writers } }

        func reached(_ count: Int, writers: Int) async {
            await withCheckedContinuation { continuation in
                let isReached = state.withLock { state in
                    if state.done >= count || state.ended == writers { return true }
                    state.waiting = (count, continuation)
                    return false
                }
                if isReached { continuation.resume() }
            }
        }

        private func resume(_ change: (inout Counts) -> Void) {
            let continuation: CheckedContinuation<Void, Never>? = state.withLock { state in
                change(&state)
                guard let waiting = state.waiting,
                    state.done >= waiting.count || state.ended == PostgresHistoryTests.writers
                else { return nil }
                state.waiting = nil
                return waiting.continuation
            }
            continuation?.resume()
        }
    }
}

/// Loads, saves, clears and saves together, at random, on few rows so that others are in the way.
private struct HistoryWriter: Sendable {
    let store: any StateStore
    let history: StateHistory
    let random: SeededRandomSource

    private func pick(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

    func step() async throws {
        let grain = GrainID(type: "Cart", key: "\(pick(12))")
        let names = [["x"], ["y"], ["x", "y"], ["y", "z", "x"]][pick(4)]
        let records: [StateRecord]
        do {
            records = try await store.load(StateLoad(grain: grain, names: names))
        } catch is StorageError {
            return
        }
        var writes: [StateWrite] = []
        for (name, record) in zip(names, records) {
            history.noteRead(of: grain, name, record)
            let next = random.nextETag()
            // Now and then the expectation is made up.
            let expected = pick(20) == 0 ? random.nextETag() : record.etag
            let json: String? = pick(5) == 0 ? nil : "{\"etag\":\"\(next)\"}"
            writes.append(
                StateWrite(name: name, expected: expected, next: next, version: 0, data: json.map { Array($0.utf8) }))
        }
        let save = StateSave(grain: grain, writes: writes)
        do {
            let outcome = try await store.save(save)
            history.note(save, outcome == .saved ? .saved : .refused)
        } catch let error as StorageError where error.code == .outcomeUnknown {
            history.note(save, .unknown)
        } catch is StorageError {
            history.note(save, .refused)
        }
    }
}
