import Foundation
import GranaryCore
import GranaryPostgres
import GranaryTestSupport
import GranaryTesting
import Testing

/// Many writers, cut connections and a death, on a real server: what was acknowledged is there, and nothing else.
@Suite(.timeLimit(.minutes(30))) struct PostgresHistoryTests {
    /// One hundred times as long with `GRANARY_SOAK=1`; another seed with `GRANARY_SEED`.
    private static let environment = ProcessInfo.processInfo.environment
    private static let operations = environment["GRANARY_SOAK"] == "1" ? 10_000 : 100
    private static let seed = environment["GRANARY_SEED"].flatMap { UInt64($0) } ?? .random(in: .min ... .max)
    private static let writers = 16
    private static let cuts = 20

    @Test func acknowledgedWritesAreThereAndRefusedOnesAreNotWhateverIsCut() async throws {
        let seed = Self.seed
        print("PostgresHistoryTests: GRANARY_SEED=\(seed)")
        let database = try await PostgresServer.shared().makeDatabase()
        let doomed = try await database.addActiveMember(named: "doomed")
        let steady = try await database.addActiveMember(named: "steady")
        let backend = PostgresBackend.postgres(database.conninfo)
        let connections = [try await backend.connect(Fixture.context), try await backend.connect(Fixture.context)]
        let history = StateHistory()
        let deaths = EventRecorder<Int32>()
        let answers = EventRecorder<StateHistory.Answer?>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<Self.writers {
                let isDoomed = number % 4 == 0
                let store = connections[number % 2].stateStore(writingAs: isDoomed ? doomed : steady)
                let writer = HistoryWriter(
                    store: store, history: history, random: SeededRandomSource(seed: seed &+ UInt64(number)))
                group.addTask {
                    for _ in 0..<Self.operations {
                        let comesTooLate = isDoomed && !deaths.all.isEmpty
                        let answer = try await writer.step()
                        #expect(!comesTooLate || answer != .saved, "seed \(seed): a dead silo's save was committed")
                        answers.record(answer)
                    }
                }
            }
            group.addTask {
                for cut in 1..<Self.cuts {
                    await answers.wait(forCount: cut * Self.writers * Self.operations / Self.cuts)
                    await Self.cutAll(database)
                    guard cut == Self.cuts / 2 else { continue }
                    async let another: Void = Self.cutAll(database)
                    try await Self.declareDead(doomed, by: connections[1].membership)
                    deaths.record(doomed)
                    await another
                }
            }
            try await group.waitForAll()
        }
        let problems = try await history.verify(connections[1].stateStore(writingAs: steady))
        #expect(problems == [], "seed \(seed)")
        let counts = Dictionary(grouping: answers.all) { $0 }.mapValues(\.count)
        #expect(counts[.saved, default: 0] > Self.operations, "seed \(seed): \(counts)")
        #expect(counts[.refused, default: 0] > Self.operations, "seed \(seed): \(counts)")
        for connection in connections { await connection.close() }
    }

    /// Cuts every connection to a database but the one that cuts, which may itself be cut by another cutter.
    private static func cutAll(_ database: TestDatabase) async {
        let sql = """
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()
            """
        while (try? await database.psql(sql)) == nil {}
    }

    /// Declares a member dead over connections that are cut meanwhile.
    private static func declareDead(_ silo: Int32, by membership: any MembershipStore) async throws {
        while true {
            do {
                let view = try await membership.read()
                // An answer that was lost may have been a yes.
                if view.members.contains(where: { $0.silo == silo && $0.status == .dead }) { return }
                _ = try await membership.declareDead([silo], view: view.number, reason: "test", proven: false)
            } catch let error as StorageError {
                try #require([.unavailable, .outcomeUnknown].contains(error.code), "\(error)")
            }
        }
    }
}

/// Loads, saves, clears and saves together, at random, on few rows so that others are in the way.
private struct HistoryWriter: Sendable {
    let store: any StateStore
    let history: StateHistory
    let random: SeededRandomSource

    private func pick(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

    /// Reads some states of a grain and saves them.
    ///
    /// - Returns: What came of the save; `nil` when the states could not be read.
    func step() async throws -> StateHistory.Answer? {
        let grain = GrainID(type: "Cart", key: "\(pick(12))")
        let names = [["x"], ["y"], ["x", "y"], ["y", "z", "x"]][pick(4)]
        let records: [StateRecord]
        do {
            records = try await store.load(StateLoad(grain: grain, names: names))
        } catch let error as StorageError {
            try #require(error.code == .unavailable, "\(error)")
            return nil
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
        let answer: StateHistory.Answer
        do {
            answer = try await store.save(save) == .saved ? .saved : .refused
        } catch let error as StorageError {
            try #require([.unavailable, .outcomeUnknown].contains(error.code), "\(error)")
            answer = error.code == .outcomeUnknown ? .unknown : .refused
        }
        history.note(save, answer)
        return answer
    }
}
