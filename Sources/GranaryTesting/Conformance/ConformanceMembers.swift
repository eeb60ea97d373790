internal import GranaryCore
internal import Logging

/// Joins and ends members of a cluster as a silo would, for the checks.
struct ConformanceMembers: Sendable {
    let store: any MembershipStore
    /// Tells this run's members from those of other runs on the same database.
    let marker: String
    let random: any RandomSource

    /// What a cluster under test has for settings.
    static let settings = Array(#"{"cluster":"conformance"}"#.utf8)

    func candidate(_ name: String = "a") -> MemberCandidate {
        MemberCandidate(
            incarnation: random.nextETag().description, name: "\(name)-\(marker)", address: "127.0.0.1:1", weight: 3,
            types: ["Cart", "Straße"], leaseMilliseconds: 3_000)
    }

    /// Joins a member, over and over until no other change comes between.
    func join(
        _ candidate: MemberCandidate, superseding superseded: Int32? = nil
    ) async throws -> (silo: Int32, view: Int64) {
        while true {
            let view = try await store.read().number
            if let joined = try await store.join(candidate, view: view, superseding: superseded) { return joined }
        }
    }

    /// Joins a member and moves it to a status, over and over until no other change comes between.
    func member(_ name: String = "a", _ status: MemberStatus = .active) async throws -> Int32 {
        let silo = try await join(candidate(name)).silo
        if status == .active || status == .leaving { try await advance(silo, to: .active) }
        if status == .leaving { try await advance(silo, to: .leaving) }
        if status == .left { try await advance(silo, to: .left) }
        return silo
    }

    @discardableResult
    func advance(_ silo: Int32, to status: MemberStatus) async throws -> Int64 {
        while true {
            let view = try await store.read().number
            if let new = try await store.advance(silo, to: status, view: view) { return new }
        }
    }

    @discardableResult
    func declareDead(_ silos: [Int32], proven: Bool = false) async throws -> Int64 {
        while true {
            let view = try await store.read().number
            if let new = try await store.declareDead(silos, view: view, reason: "conformance", proven: proven) {
                return new
            }
        }
    }

    static func context(_ random: any RandomSource) -> BackendContext {
        BackendContext(
            logger: Logger(label: "granary.conformance", factory: { _ in SwiftLogNoOpLogHandler() }),
            time: SystemTimeSource(), random: random)
    }
}
