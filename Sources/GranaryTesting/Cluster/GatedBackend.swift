internal import GranaryCore

/// The backend of one silo of a test: what it asks for passes a gate, and the views that it commits are written down.
struct GatedBackend: SiloBackend {
    let backend: any SiloBackend
    let gate: SiloGate
    let views: ViewLog
    /// Whether states pass the gate, too; where silos cannot be stopped, they need not.
    let gatesStates: Bool

    func connect(_ context: BackendContext) async throws -> any BackendConnection {
        await gate.pass()
        return Connection(connection: try await backend.connect(context), backend: self)
    }

    private struct Connection: BackendConnection {
        let connection: any BackendConnection
        let backend: GatedBackend

        var membership: any MembershipStore {
            GatedMembershipStore(store: connection.membership, gate: backend.gate, views: backend.views)
        }
        var isDurable: Bool { connection.isDurable }
        func stateStore(writingAs silo: Int32) -> any StateStore {
            let store = connection.stateStore(writingAs: silo)
            return backend.gatesStates ? GatedStateStore(store: store, gate: backend.gate) : store
        }
        func close() async { await connection.close() }
    }
}

/// The states, behind a gate.
private struct GatedStateStore: StateStore {
    let store: any StateStore
    let gate: SiloGate

    func load(_ request: StateLoad) async throws -> [StateRecord] {
        await gate.pass()
        return try await store.load(request)
    }

    func save(_ request: StateSave) async throws -> StateSaveOutcome {
        await gate.pass()
        return try await store.save(request)
    }
}

/// The list of silos, behind a gate.
private struct GatedMembershipStore: MembershipStore {
    let store: any MembershipStore
    let gate: SiloGate
    let views: ViewLog

    func read(known: Int64) async throws -> (view: MembershipView, tokenOfKnown: String?) {
        await gate.pass()
        return try await store.read(known: known)
    }

    func settle(_ settings: [UInt8]) async throws -> [UInt8] {
        await gate.pass()
        return try await store.settle(settings)
    }

    func join(
        _ candidate: MemberCandidate, view: Int64, superseding superseded: Int32?
    ) async throws -> (silo: Int32, view: Int64)? {
        await gate.pass()
        let joined = try await store.join(candidate, view: view, superseding: superseded)
        if let joined { views.committed(joined.view, dead: superseded.map { [$0] } ?? []) }
        return joined
    }

    func advance(_ silo: Int32, to status: MemberStatus, view: Int64) async throws -> Int64? {
        await gate.pass()
        let committed = try await store.advance(silo, to: status, view: view)
        if let committed { views.committed(committed) }
        return committed
    }

    func renew(_ silo: Int32, released: Int64) async throws -> LeaseRenewal {
        await gate.pass()
        return try await store.renew(silo, released: released)
    }

    func declareDead(_ silos: [Int32], view: Int64, reason: String, proven: Bool) async throws -> Int64? {
        await gate.pass()
        let committed = try await store.declareDead(silos, view: view, reason: reason, proven: proven)
        if let committed { views.committed(committed, dead: silos) }
        return committed
    }

    func proveEnd(_ silo: Int32) async throws -> Int64? {
        await gate.pass()
        // A dead process says nothing; this silo learns of its death only so that it ends.
        if gate.isKilled { return nil }
        let committed = try await store.proveEnd(silo)
        if let committed { views.committed(committed) }
        return committed
    }

    func sweep() async throws -> Int {
        await gate.pass()
        return try await store.sweep()
    }

    /// What is heard behind a closed gate does no harm: to read the view passes the gate.
    func watch(_ changed: @escaping @Sendable (Int64) -> Void) -> MembershipWatch? { store.watch(changed) }
}
