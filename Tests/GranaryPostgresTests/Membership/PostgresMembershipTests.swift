import GranaryCore
import GranaryTestSupport
import Testing

@testable import GranaryPostgres

/// The list of silos on a real server.
@Suite struct PostgresMembershipTests {
    private static func with(_ body: (any MembershipStore, TestDatabase, any BackendConnection) async throws -> Void)
        async throws
    {
        let database = try await PostgresServer.shared().makeDatabase()
        let connection = try await PostgresBackend.postgres(database.conninfo).connect(Fixture.context)
        do {
            try await body(connection.membership, database, connection)
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }

    private static func candidate(_ name: String, _ incarnation: Int = 1) -> MemberCandidate {
        MemberCandidate(
            incarnation: "00000000-0000-4000-8000-00000000000\(incarnation)", name: name, address: "127.0.0.1:7000",
            weight: 1, types: ["Cart", "Käufer"], leaseMilliseconds: 3_000)
    }

    @Test func theFirstSiloSettlesJoinsServesAndLeaves() async throws {
        try await Self.with { store, _, _ in
            #expect(try await store.read().number == 0)
            let settings = try await store.settle(Array(#"{"mode": "fast"}"#.utf8))
            #expect(settings == Array(#"{"mode": "fast"}"#.utf8))
            #expect(try await store.settle(Array(#"{"mode": "strict"}"#.utf8)) == settings)

            let joined = try #require(try await store.join(Self.candidate("a"), view: 0, superseding: nil))
            #expect(joined.view == 1)
            let again = try #require(try await store.join(Self.candidate("a"), view: 0, superseding: nil))
            #expect(again == joined, "a join whose answer was lost may be repeated")
            #expect(try await store.join(Self.candidate("b", 2), view: 0, superseding: nil) == nil)

            var view = try await store.read()
            #expect(view.number == 1)
            #expect(view.members.count == 1)
            #expect(view.members[0].name == "a")
            #expect(view.members[0].types == ["Cart", "Käufer"])
            #expect(view.members[0].incarnation == Self.candidate("a").incarnation)
            #expect(view.members[0].status == .joining)
            #expect(view.members[0].ringFrom == nil)

            #expect(try await store.advance(joined.silo, to: .active, view: 0) == nil)
            #expect(try await store.advance(joined.silo, to: .active, view: 1) == 2)
            let renewal = try await store.renew(joined.silo, released: 2)
            #expect(renewal.view == 2)
            #expect(renewal.status == .active)
            view = try await store.read()
            #expect(renewal.token == view.token)
            #expect(view.members[0].ringFrom == 2)
            #expect(view.members[0].renewals == 1)
            #expect(view.members[0].released == 2)
            #expect(try await store.advance(joined.silo, to: .leaving, view: 2) == 3)
            #expect(try await store.advance(joined.silo, to: .left, view: 3) == 4)
            view = try await store.read()
            #expect(view.members[0].status == .left)
            #expect(view.members[0].fenced)
            #expect(try await store.renew(joined.silo, released: 4).status == .left)
            #expect(try await store.renew(99, released: 0).status == nil)
        }
    }

    @Test func twentySilosThatSettleAtOnceAgree() async throws {
        try await Self.with { store, _, _ in
            let answers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for number in 0..<20 {
                    group.addTask { try await store.settle(Array(#"{"n": \#(number)}"#.utf8)) }
                }
                return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
            }
            #expect(answers.count == 1)
        }
    }

    @Test func aLiveNameIsTakenUnlessItIsSuperseded() async throws {
        try await Self.with { store, _, _ in
            _ = try await store.settle(Array("{}".utf8))
            let first = try #require(try await store.join(Self.candidate("a"), view: 0, superseding: nil))
            let error = await #expect(throws: StorageError.self) {
                try await store.join(Self.candidate("a", 2), view: 1, superseding: nil)
            }
            #expect(error?.code == .cluster)
            let second = try #require(try await store.join(Self.candidate("a", 2), view: 1, superseding: first.silo))
            #expect(second.view == 3)
            #expect(try await store.read().members.map(\.status) == [.dead, .joining])
            let impossible = await #expect(throws: StorageError.self) {
                try await store.advance(first.silo, to: .active, view: 3)
            }
            #expect(impossible?.code == .cluster)
        }
    }

    @Test func aProofWaitsForAChangeThatIsUnderWayAndIsAViewAsAnyOther() async throws {
        try await Self.with { store, database, _ in
            let silo = try await database.addActiveMember()
            #expect(try await store.declareDead([silo], view: 2, reason: "split", proven: false) == 3)
            async let other: String? = try? await database.psql(
                "begin; select granary.bump(3); select pg_sleep(2); commit")
            let isUnderWay = """
                select count(*) from pg_locks where relation = 'granary.view_log'::regclass and granted
                and mode = 'RowExclusiveLock'
                """
            while try await database.psql(isUnderWay) == "0" {}
            #expect(try await store.proveEnd(silo) == 5, "after the other one's view")
            _ = await other
            let (view, token) = try await store.read(known: 5)
            #expect(view.number == 5 && view.token == token, "the log of views has it")
            #expect(view.members.map(\.fenced) == [true])
            #expect(try await database.psql("select count(*) from granary.view_log") == "5")
            #expect(try await store.proveEnd(silo) == nil)
            #expect(try await store.read(known: 5).view == view)
        }
    }

    @Test func aFrozenSaveDoesNotKeepADeathFromBeingRecorded() async throws {
        try await Self.with { store, database, connection in
            let silo = try await database.addActiveMember()
            // A session that holds the member's fence and never lets go, as a frozen server process does.
            async let holder: String? = try? await database.psql(
                "begin; select pg_advisory_xact_lock_shared(granary.fence_key(\(silo))); select pg_sleep(600)")
            let isHeld = "select count(*) from pg_locks where locktype = 'advisory' and granted"
            while try await database.psql(isHeld) == "0" {}
            #expect(try await store.declareDead([silo], view: 2, reason: "silence", proven: false) == 3)
            _ = await holder
            #expect(try await connection.stateStore(writingAs: silo).save(.one("a", "1")) == .fenced)
        }
    }
}
