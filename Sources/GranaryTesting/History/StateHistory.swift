public import GranaryCore
internal import Synchronization

/// Writes down what many writers did to states, and says afterwards whether the store kept its word.
///
/// Because no etag is used twice, each row's stored etag leads back, from expected etag to expected etag, through every
/// write that was ever committed. ``verify(_:)`` walks that way and compares it with what the writers were told.
public final class StateHistory: Sendable {
    /// What a writer was told of a save.
    public enum Answer: Hashable, Sendable {
        /// It is committed.
        case saved
        /// It is not committed: a conflict, a fence, or an error that promises it.
        case refused
        /// Nobody knows.
        case unknown
    }

    struct Row: Hashable {
        var grain: GrainID
        var name: String
    }

    struct Attempt {
        var save: Int
        var write: StateWrite
        var answer: Answer
    }

    private struct State {
        var saves = 0
        var attempts: [Row: [ETag: Attempt]] = [:]
        var reads: [Row: Set<ETag>] = [:]
    }

    private let state = Mutex(State())

    /// Makes an empty history.
    public init() {}

    /// How many saves were written down.
    public var count: Int { state.withLock(\.saves) }

    /// Writes down a save and what its writer was told.
    ///
    /// - Parameters:
    ///   - save: The save.
    ///   - answer: What its writer was told.
    public func note(_ save: StateSave, _ answer: Answer) {
        state.withLock { state in
            state.saves += 1
            for write in save.writes {
                let row = Row(grain: save.grain, name: write.name)
                state.attempts[row, default: [:]][write.next] = Attempt(save: state.saves, write: write, answer: answer)
            }
        }
    }

    /// Writes down what a load gave: it must be something that was committed.
    ///
    /// - Parameters:
    ///   - grain: The grain.
    ///   - name: The state's name.
    ///   - record: The record.
    public func noteRead(of grain: GrainID, _ name: String, _ record: StateRecord) {
        guard let etag = record.etag else { return }
        state.withLock { _ = $0.reads[Row(grain: grain, name: name), default: []].insert(etag) }
    }

    /// Compares the history with what is stored in the end.
    ///
    /// - Parameter store: The store, which nobody writes to any more.
    /// - Returns: What the store did wrong; empty when it kept its word.
    /// - Throws: What the store throws.
    public func verify(_ store: any StateStore) async throws -> [String] {
        let (attempts, reads) = state.withLock { ($0.attempts, $0.reads) }
        var problems: [String] = []
        /// For each save, which of its rows were committed.
        var committed: [Int: Set<String>] = [:]
        for (row, writes) in attempts {
            let record = try await store.load(StateLoad(grain: row.grain, names: [row.name]))[0]
            var chain: Set<ETag> = []
            var next = record.etag
            while let etag = next {
                guard chain.insert(etag).inserted else {
                    problems.append("\(row): etag \(etag) comes twice")
                    break
                }
                guard let attempt = writes[etag] else {
                    problems.append("\(row): nobody wrote etag \(etag), which the chain leads to")
                    break
                }
                if attempt.answer == .refused {
                    problems.append("\(row): etag \(etag) was refused, and is committed all the same")
                }
                committed[attempt.save, default: []].insert(row.name)
                next = attempt.write.expected
            }
            if let etag = record.etag, let last = writes[etag], JSONValue(last.write.data) != JSONValue(record.data) {
                problems.append("\(row): the stored value is not the one written with etag \(etag)")
            }
            for (etag, attempt) in writes where attempt.answer == .saved && !chain.contains(etag) {
                problems.append("\(row): etag \(etag) was acknowledged, and is lost")
            }
            for etag in (reads[row] ?? []).subtracting(chain) {
                problems.append("\(row): etag \(etag) was read, and is not among what was committed")
            }
        }
        let groups = Dictionary(grouping: attempts.flatMap { row, writes in writes.values.map { (row, $0) } }) {
            $0.1.save
        }
        for (save, rows) in groups {
            let names = Set(rows.map(\.0.name))
            if let done = committed[save], done != names {
                problems.append("\(rows[0].0.grain): of the states \(names) saved together only \(done) are committed")
            }
        }
        return problems
    }
}

extension StateHistory.Row: CustomStringConvertible {
    var description: String { "\(grain).\(name)" }
}
