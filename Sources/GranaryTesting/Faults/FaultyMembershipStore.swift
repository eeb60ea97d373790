internal import GranaryCore

/// A list of silos in which things go wrong by plan.
struct FaultyMembershipStore: MembershipStore {
    let store: any MembershipStore
    let faults: StorageFaults

    func read(known: Int64) async throws -> (view: MembershipView, tokenOfKnown: String?) {
        try await faults.run(.membership) { try await store.read(known: known) }
    }

    func settle(_ settings: [UInt8]) async throws -> [UInt8] {
        try await faults.run(.membership) { try await store.settle(settings) }
    }

    func join(
        _ candidate: MemberCandidate, view: Int64, superseding superseded: Int32?
    ) async throws -> (silo: Int32, view: Int64)? {
        try await faults.run(.membership) { try await store.join(candidate, view: view, superseding: superseded) }
    }

    func advance(_ silo: Int32, to status: MemberStatus, view: Int64) async throws -> Int64? {
        try await faults.run(.membership) { try await store.advance(silo, to: status, view: view) }
    }

    func renew(_ silo: Int32, released: Int64) async throws -> LeaseRenewal {
        try await faults.run(.renew) { try await store.renew(silo, released: released) }
    }

    func declareDead(_ silos: [Int32], view: Int64, reason: String, proven: Bool) async throws -> Int64? {
        try await faults.run(.membership) {
            try await store.declareDead(silos, view: view, reason: reason, proven: proven)
        }
    }

    func proveEnd(_ silo: Int32) async throws -> Int64? {
        try await faults.run(.membership) { try await store.proveEnd(silo) }
    }

    func sweep() async throws -> Int { try await faults.run(.membership) { try await store.sweep() } }

    func watch(_ changed: @escaping @Sendable (Int64) -> Void) -> MembershipWatch? { store.watch(changed) }
}
