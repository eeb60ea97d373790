import Granary
import GranaryCore
import GranaryTesting
import Testing

/// The history checker finds what a store may do wrong.
@Suite struct StateHistoryTests {
    /// A store that has what it is told.
    private struct Rows: StateStore {
        var records: [String: StateRecord]
        func load(_ request: StateLoad) async throws -> [StateRecord] {
            request.names.map { records[$0] ?? .absent }
        }
        func save(_ request: StateSave) async throws -> StateSaveOutcome { .fenced }
    }

    private let grain = GrainID(type: "Cart", key: "a")

    private func etag(_ number: UInt64) -> ETag { ETag(high: 0, low: number) }

    private func write(_ name: String, _ expected: UInt64?, _ next: UInt64) -> StateWrite {
        StateWrite(
            name: name, expected: expected.map(etag), next: etag(next), version: 0, data: Array("\(next)".utf8))
    }

    private func record(_ number: UInt64, _ json: String? = nil) -> StateRecord {
        StateRecord(etag: etag(number), version: 0, data: Array((json ?? "\(number)").utf8))
    }

    private func problems(
        _ saves: [([StateWrite], StateHistory.Answer)], reads: [UInt64] = [], stored: [String: StateRecord]
    ) async throws -> [String] {
        let history = StateHistory()
        for (writes, answer) in saves { history.note(StateSave(grain: grain, writes: writes), answer) }
        for read in reads { history.noteRead(of: grain, "x", record(read)) }
        #expect(history.count == saves.count)
        return try await history.verify(Rows(records: stored))
    }

    @Test func `a chain of acknowledged and unknown writes is fine`() async throws {
        let found = try await problems(
            [
                ([write("x", nil, 1)], .saved), ([write("x", 1, 2)], .unknown), ([write("x", 1, 9)], .refused),
                ([write("x", 2, 3), write("y", nil, 4)], .saved), ([write("x", 3, 5)], .unknown),
            ], reads: [1, 2, 3], stored: ["x": record(3), "y": record(4)])
        #expect(found == [])
    }

    @Test func `a lost acknowledged write is found`() async throws {
        let found = try await problems(
            [([write("x", nil, 1)], .saved), ([write("x", 1, 2)], .saved)], stored: ["x": record(1)])
        #expect(found.count == 1 && found[0].contains("is lost"))
    }

    @Test func `an overwritten acknowledged write is found`() async throws {
        let found = try await problems(
            [([write("x", nil, 1)], .saved), ([write("x", 1, 2)], .saved), ([write("x", 1, 3)], .saved)],
            stored: ["x": record(3)])
        #expect(found.count == 1 && found[0].contains("is lost"))
    }

    @Test func `a refused write that is committed is found`() async throws {
        let found = try await problems([([write("x", nil, 1)], .refused)], stored: ["x": record(1)])
        #expect(found.count == 1 && found[0].contains("was refused"))
    }

    @Test func `a write of nobody is found`() async throws {
        let found = try await problems([([write("x", nil, 1)], .unknown)], stored: ["x": record(7)])
        #expect(found.count == 1 && found[0].contains("nobody wrote"))
    }

    @Test func `another value is found`() async throws {
        let found = try await problems([([write("x", nil, 1)], .saved)], stored: ["x": record(1, "8")])
        #expect(found.count == 1 && found[0].contains("stored value"))
    }

    @Test func `half a group is found`() async throws {
        let found = try await problems(
            [([write("x", nil, 1), write("y", nil, 2)], .unknown)], stored: ["x": record(1)])
        #expect(found.count == 1 && found[0].contains("together"))
    }

    @Test func `a read of what was never committed is found`() async throws {
        let found = try await problems(
            [([write("x", nil, 1)], .saved), ([write("x", 1, 2)], .unknown)], reads: [2], stored: ["x": record(1)])
        #expect(found.count == 1 && found[0].contains("was read"))
    }
}
