internal import GranaryCore

/// What one run of a membership store's check works with; the kit makes it.
public final class MembershipStoreTrial: ConformanceTrial {
    /// The rule that is checked.
    public let rule: String
    let connection: any BackendConnection
    let store: any MembershipStore
    let members: ConformanceMembers

    init(_ rule: String, backend: any SiloBackend) async throws {
        let random = SystemRandomSource()
        self.rule = rule
        connection = try await backend.connect(ConformanceMembers.context(random))
        store = connection.membership
        members = ConformanceMembers(
            store: store, marker: String(random.next(), radix: 36), random: random)
        do {
            _ = try await store.settle(ConformanceMembers.settings)
        } catch {
            await connection.close()
            throw error
        }
    }

    /// A member as the newest view has it.
    func find(_ silo: Int32) async throws -> Member {
        let view = try await store.read()
        return try require(view.members.first { $0.silo == silo }, "member \(silo) in view \(view.number)")
    }

    /// Checks that an operation throws a `StorageError` and leaves the view as it was.
    func expectRefused(_ what: String, _ run: () async throws -> Void) async throws {
        let before = try await store.read()
        var refusal: (any Error)?
        do { try await run() } catch { refusal = error }
        let error = try require(refusal, "an error for \(what)")
        try expect(error is StorageError, "a StorageError for \(what)", found: error)
        try expect(try await store.read(), before, "the view after \(what) was refused")
    }

    /// Checks that the proof of an end changes nothing.
    func expectNothingToProve(_ what: String, _ silo: Int32) async throws {
        let before = try await store.read()
        let answer = try await store.proveEnd(silo)
        try expect(answer == nil, "nil for \(what)", found: answer as Any)
        try expect(try await store.read(), before, "the view after \(what)")
    }

    /// Checks that news of a view, or a newer one, come within half a minute.
    func expectTold(_ told: EventRecorder<Int64>, of view: Int64) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while !told.all.contains(where: { $0 >= view }), ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(1))
        }
        try expect(told.all.contains { $0 >= view }, "news of view \(view)", found: told.all)
    }

    /// Checks that an operation answers `nil` and leaves the view as it was.
    func expectOutdated<R>(_ what: String, _ run: () async throws -> R?) async throws {
        let before = try await store.read()
        let answer = try await run()
        try expect(answer == nil, "nil for \(what) on a view that has moved on", found: answer as Any)
        try expect(try await store.read(), before, "the view after \(what) was refused")
    }
}
