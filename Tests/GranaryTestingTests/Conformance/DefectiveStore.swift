import Granary
import GranaryCore
import GranaryTesting
import Synchronization

@testable import GranaryRuntime

/// A state store in memory with one defect.
struct DefectiveStore: StateStore {
    let cluster: InMemoryCluster
    let rows: DefectiveRows
    let silo: Int32
    let defect: Defect

    func load(_ request: StateLoad) async throws -> [StateRecord] {
        let names = defect == .answersOutOfOrder ? request.names.sorted() : request.names
        return rows.rows.withLock { rows in
            names.map { name in
                var record = rows[DefectiveRows.key(request.grain, name, defect)] ?? .absent
                if defect == .dropsVersions { record.version = 0 }
                if defect == .takesNullForCleared, record.data == Array("null".utf8) { record.data = nil }
                if defect == .damagesBigValues, let data = record.data, data.count > 1_000_000 {
                    record.data = Array(data.prefix(1_000_000)) + Array("\"".utf8)
                }
                if defect == .roundsNumbers, let data = record.data {
                    let text = String(decoding: data, as: UTF8.self)
                    record.data = Array(text.replacing("9223372036854775807", with: "9223372036854775806").utf8)
                }
                return record
            }
        }
    }

    func save(_ request: StateSave) async throws -> StateSaveOutcome {
        guard defect == .checksBeforeItLocks else {
            // Whoever looks at the rows after a death was recorded sees all that came before it, and nothing that comes later.
            return rows.rows.withLock { rows in maySave() ? apply(request, to: &rows) : .fenced }
        }
        guard maySave() else { return .fenced }
        let answer = rows.rows.withLock { check(request, in: $0) }
        await Task.yield()
        if let answer { return answer }
        rows.rows.withLock { write(request.writes[...], of: request.grain, to: &$0) }
        return .saved
    }

    private func maySave() -> Bool {
        switch cluster.contents.withLock({ $0.members.first { $0.silo == silo }?.status }) {
        case .active: return true
        case .leaving: return defect != .fencesLeavingMembers
        case .joining: return defect == .letsJoiningMembersSave
        case .left, .dead, nil: return defect == .ignoresFences
        }
    }

    private func apply(_ request: StateSave, to rows: inout [[String]: StateRecord]) -> StateSaveOutcome {
        if let answer = check(request, in: rows) {
            if defect == .writesAGroupUpToTheConflict, case .conflict(let conflicts) = answer {
                let end = request.writes.firstIndex { $0.name == conflicts[0].name } ?? 0
                write(request.writes[..<end], of: request.grain, to: &rows)
            }
            return answer
        }
        write(request.writes[...], of: request.grain, to: &rows)
        return .saved
    }

    /// What a save that is not applied answers.
    private func check(_ request: StateSave, in rows: [[String]: StateRecord]) -> StateSaveOutcome? {
        func etag(_ write: StateWrite) -> ETag? { rows[DefectiveRows.key(request.grain, write.name, defect)]?.etag }
        func fits(_ write: StateWrite) -> Bool {
            switch defect {
            case .overwritesWhateverIsThere: true
            case .expectsNothingWhereItIsToldSo: write.expected == nil || etag(write) == write.expected
            case .comparesHalfTheEtag: etag(write)?.low == write.expected?.low
            default: etag(write) == write.expected
            }
        }
        if defect != .refusesRepeats {
            let done = request.writes.map { etag($0) == $0.next }
            if defect == .takesAHalfRepeatForDone ? done.contains(true) : !done.contains(false) { return .saved }
        }
        let checked = defect == .checksOnlyTheFirstOfAGroup ? request.writes.prefix(1) : request.writes[...]
        var refused = checked.filter { !fits($0) }
        if refused.isEmpty { return nil }
        if defect == .reportsOnlyOneConflict { refused = Array(refused.prefix(1)) }
        if defect == .reportsStatesWithoutConflict { refused = request.writes }
        return .conflict(
            refused.map { write in
                StateConflict(
                    name: write.name, expected: write.expected,
                    stored: defect == .hidesTheStoredEtag ? nil : etag(write))
            })
    }

    private func write(
        _ writes: ArraySlice<StateWrite>, of grain: GrainID, to rows: inout [[String]: StateRecord]
    ) {
        for write in writes {
            let key = DefectiveRows.key(grain, write.name, defect)
            if defect == .deletesClearedRows, write.data == nil {
                rows[key] = nil
            } else if defect == .keepsTheOldEtagForEqualValues, let old = rows[key], old.data == write.data {
                continue
            } else {
                rows[key] = StateRecord(etag: write.next, version: write.version, data: write.data)
            }
        }
    }
}
