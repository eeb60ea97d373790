internal import GranaryCore
internal import Synchronization

/// What one run of a state store's check works with; the kit makes it.
public final class StateStoreTrial: ConformanceTrial {
    /// The rule that is checked.
    public let rule: String
    let backend: any SiloBackend
    let connection: any BackendConnection
    let members: ConformanceMembers
    let random: any RandomSource
    let marker: String
    /// The member that ``store`` writes as.
    let silo: Int32
    let store: any StateStore
    private let others = Mutex<[any BackendConnection]>([])

    init(_ rule: String, backend: any SiloBackend) async throws {
        let random = SystemRandomSource()
        self.rule = rule
        self.backend = backend
        self.random = random
        marker = String(random.next(), radix: 36)
        connection = try await backend.connect(ConformanceMembers.context(random))
        members = ConformanceMembers(store: connection.membership, marker: marker, random: random)
        do {
            _ = try await members.store.settle(ConformanceMembers.settings)
            silo = try await members.member("writer")
        } catch {
            await connection.close()
            throw error
        }
        store = connection.stateStore(writingAs: silo)
    }

    /// Another connection to the same cluster.
    func connectAgain() async throws -> any BackendConnection {
        let other = try await backend.connect(ConformanceMembers.context(random))
        others.withLock { $0.append(other) }
        return other
    }

    func finish() async {
        for other in others.withLock({ $0 }) { await other.close() }
        await connection.close()
    }
}

// MARK: - Short forms

extension StateStoreTrial {
    /// A grain that no other run has.
    func grain(_ key: String = "key", type: String = "Cart") -> GrainID {
        GrainID(type: "\(type)-\(marker)", key: key)
    }

    /// A write of the state 'state' with a fresh etag.
    func write(over expected: ETag? = nil, _ json: String?, version: Int32 = 0) -> StateWrite {
        write("state", over: expected, json, version: version)
    }

    /// A write of a state with a fresh etag.
    func write(_ name: String, over expected: ETag? = nil, _ json: String?, version: Int32 = 0) -> StateWrite {
        StateWrite(
            name: name, expected: expected, next: random.nextETag(), version: version,
            data: json.map { Array($0.utf8) })
    }

    func save(_ grain: GrainID, _ writes: StateWrite...) async throws -> StateSaveOutcome {
        try await store.save(StateSave(grain: grain, writes: writes))
    }

    /// Saves what has to be saved for the check to mean anything.
    func mustSave(_ grain: GrainID, _ writes: StateWrite...) async throws {
        let outcome = try await store.save(StateSave(grain: grain, writes: writes))
        try expect(outcome, .saved, "the outcome of a save that fits")
    }

    func load(_ grain: GrainID, _ name: String = "state") async throws -> StateRecord {
        try await load(grain, [name])[0]
    }

    func load(_ grain: GrainID, _ names: [String]) async throws -> [StateRecord] {
        let records = try await store.load(StateLoad(grain: grain, names: names))
        try expect(records.count, names.count, "the number of records, one per name")
        return records
    }

    /// Checks that a state is stored as a write left it.
    func expectStored(_ grain: GrainID, _ write: StateWrite) async throws {
        let record = try await load(grain, write.name)
        try expect(record.etag, write.next, "the stored etag of '\(write.name)'")
        guard let data = write.data else {
            return try expect(record.data == nil, "no data after a clear", found: record)
        }
        try expect(JSONValue(record.data), JSONValue(data), "the stored value of '\(write.name)'")
        try expect(record.version, write.version, "the stored version of '\(write.name)'")
    }

    func expectAbsent(_ grain: GrainID, _ name: String = "state") async throws {
        let record = try await load(grain, name)
        try expect(
            record.etag == nil && record.data == nil, "no row of \(grain), neither etag nor data", found: record)
    }

    /// Checks that a save is refused because of one state, which is reported with both etags.
    func expectConflict(_ outcome: StateSaveOutcome, _ write: StateWrite, stored: ETag?) throws {
        let conflict = StateConflict(name: write.name, expected: write.expected, stored: stored)
        try expect(outcome, .conflict([conflict]), "the outcome, with both etags")
    }
}
