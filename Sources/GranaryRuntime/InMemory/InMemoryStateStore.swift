internal import GranaryCore
internal import Synchronization

/// States in memory, with the etags, groups, tombstones and fences of the database.
struct InMemoryStateStore: DirectStateStore {
    let cluster: InMemoryCluster
    let silo: Int32

    func load(_ request: StateLoad) -> [StateRecord] {
        cluster.contents.withLock { contents in
            request.names.map { contents.rows[.init(grain: request.grain, name: $0)] ?? .absent }
        }
    }

    func save(_ request: StateSave) -> StateSaveOutcome {
        cluster.contents.withLock { contents in
            let status = contents.members.first { $0.silo == silo }?.status
            guard status == .active || status == .leaving else { return .fenced }
            func row(_ write: StateWrite) -> StateRecord {
                contents.rows[.init(grain: request.grain, name: write.name)] ?? .absent
            }
            if request.writes.allSatisfy({ row($0).etag == $0.next }) { return .saved }
            let conflicts = request.writes.filter { row($0).etag != $0.expected }
            guard conflicts.isEmpty else {
                return .conflict(
                    conflicts.map { StateConflict(name: $0.name, expected: $0.expected, stored: row($0).etag) })
            }
            for write in request.writes {
                contents.rows[.init(grain: request.grain, name: write.name)] = StateRecord(
                    etag: write.next, version: write.version, data: write.data)
            }
            return .saved
        }
    }

    func load(_ request: StateLoad, for receiver: any LoadReceiver) {
        receiver.loaded(.success(LoadedStates(load(request))))
    }

    func save(_ request: StateSave, for receiver: any SaveReceiver) { receiver.saved(.success(save(request))) }
}
