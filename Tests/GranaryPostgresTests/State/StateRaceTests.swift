import GranaryCore
import GranaryTestSupport
import Testing

@testable import GranaryPostgres

/// Writers that meet on a real server.
@Suite struct StateRaceTests {
    @Test func ofTwentyWritersOnAnAbsentRowExactlyOneWins() async throws {
        try await Fixture.with { fixture in
            // Each writer has connections of its own, as silos have.
            let connections = try await withThrowingTaskGroup(of: (any BackendConnection).self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await PostgresBackend.postgres(fixture.database.conninfo) { $0.maxConnections = 1 }
                            .connect(Fixture.context)
                    }
                }
                return try await group.reduce(into: [any BackendConnection]()) { $0.append($1) }
            }
            for round in 0..<5 {
                let saves = (0..<20).map { StateSave.one("round-\(round)", "\($0)") }
                let outcomes = try await withThrowingTaskGroup(of: (Int, StateSaveOutcome).self) { group in
                    for (writer, connection) in connections.enumerated() {
                        group.addTask {
                            (writer, try await connection.stateStore(writingAs: fixture.silo).save(saves[writer]))
                        }
                    }
                    return try await group.reduce(into: [Int: StateSaveOutcome]()) { $0[$1.0] = $1.1 }
                }
                let winners = outcomes.filter { $0.value == .saved }.map(\.key)
                try #require(winners.count == 1)
                let stored = saves[winners[0]].next
                let lost = StateSaveOutcome.conflict([StateConflict(name: "contents", expected: nil, stored: stored)])
                for (writer, outcome) in outcomes where writer != winners[0] { #expect(outcome == lost) }
                #expect(try await fixture.store.load(.one("round-\(round)"))[0].etag == stored)
            }
            for connection in connections { await connection.close() }
        }
    }

    @Test func aGroupIsSavedAsAWholeOrNotAtAll() async throws {
        try await Fixture.with { fixture in
            let random = SystemRandomSource()
            let grain = GrainID(type: "Cart", key: "a")
            func write(_ name: String, _ expected: ETag?) -> StateWrite {
                StateWrite(name: name, expected: expected, next: random.nextETag(), version: 2, data: Array("7".utf8))
            }
            let first = StateSave(grain: grain, writes: [write("x", nil), write("y", nil)])
            #expect(try await fixture.store.save(first) == .saved)
            let stale = random.nextETag()
            let second = StateSave(grain: grain, writes: [write("x", first.writes[0].next), write("y", stale)])
            let conflict = StateConflict(name: "y", expected: stale, stored: first.writes[1].next)
            #expect(try await fixture.store.save(second) == .conflict([conflict]))
            let third = StateSave(grain: grain, writes: [write("x", first.writes[0].next), write("z", stale)])
            let missing = StateConflict(name: "z", expected: stale, stored: nil)
            #expect(try await fixture.store.save(third) == .conflict([missing]))
            let records = try await fixture.store.load(StateLoad(grain: grain, names: ["y", "z", "x"]))
            #expect(records.map(\.etag) == [first.writes[1].next, nil, first.writes[0].next])
            let fourth = StateSave(
                grain: grain,
                writes: [write("x", first.writes[0].next), write("y", first.writes[1].next), write("z", nil)])
            #expect(try await fixture.store.save(fourth) == .saved)
        }
    }

    @Test func oneBadRowAmongManyGoodOnesFailsAlone() async throws {
        try await Fixture.with(nil, { $0.saveLanes = 1 }) { fixture in
            let results = await withTaskGroup(of: (Int, Result<StateSaveOutcome, any Error>).self) { group in
                for number in 0..<100 {
                    let json =
                        number == 37 ? #"{"text": "\u0000"}"# : number == 73 ? "{not json" : #"{"n": \#(number)}"#
                    group.addTask {
                        do {
                            return (number, .success(try await fixture.store.save(.one("k\(number)", json))))
                        } catch {
                            return (number, .failure(error))
                        }
                    }
                }
                return await group.reduce(into: [Int: Result<StateSaveOutcome, any Error>]()) { $0[$1.0] = $1.1 }
            }
            for (number, result) in results where number != 37 && number != 73 { #expect(try result.get() == .saved) }
            for number in [37, 73] {
                let error = #expect(throws: StorageError.self) { try results[number]?.get() }
                #expect(error?.code == .rejected)
                #expect(error?.message.contains("PostgreSQL says") == true)
                #expect(error?.message.contains("not json") == false, "stored data stays out of messages")
            }
            let count = try await fixture.database.psql("select count(*) from granary.state")
            #expect(count == "98")
        }
    }

    @Test func aRowThatIsLockedForAWhileIsSavedInTheEnd() async throws {
        try await Fixture.with { fixture in
            let first = StateSave.one("a", "1")
            #expect(try await fixture.store.save(first) == .saved)
            async let holder: String = fixture.database.psql(
                "begin; select 1 from granary.state for update; select pg_sleep(1); commit")
            let isHeld =
                "select count(*) from pg_stat_activity where query like 'begin; select 1%' and wait_event = 'PgSleep'"
            while try await fixture.database.psql(isHeld) == "0" {}
            #expect(try await fixture.store.save(.one("a", "2", expected: first.next)) == .saved)
            _ = try await holder
        }
    }

    @Test func keysThatPostgresCannotHoldAreRefusedBeforeAnyIO() async throws {
        let engine = try PostgresEngine(PostgresConfiguration("host=/nonexistent"), context: Fixture.context)
        let store = PostgresStateStore(engine: engine, silo: 1)
        for key in [String(repeating: "k", count: 1_025), "a\0b", " "] {
            for attempt in [
                { _ = try await store.save(.one(key, "1")) }, { _ = try await store.load(.one(key)) },
            ] as [() async throws -> Void] {
                let error = await #expect(throws: StorageError.self) { try await attempt() }
                #expect(error?.code == .rejected)
            }
        }
        await engine.close()
    }

    @Test func afterADeathNoSaveCommits() async throws {
        try await Fixture.with { fixture in
            let view = try await fixture.connection.membership.read().number
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for writer in 0..<50 {
                    group.addTask {
                        var saved = 0
                        var etag: ETag?
                        while true {
                            let save = StateSave.one("w\(writer)", "\(saved)", expected: etag)
                            switch try await fixture.store.save(save) {
                            case .saved:
                                saved += 1
                                etag = save.next
                            case .fenced: return saved
                            case .conflict(let conflicts): throw Unexpected(conflicts: conflicts)
                            }
                        }
                    }
                }
                while try await fixture.database.psql("select count(*) from granary.state") != "50" {}
                let new = try await fixture.connection.membership.declareDead(
                    [fixture.silo], view: view, reason: "test", proven: false)
                #expect(new == view + 1)
                let snapshot = "select md5(string_agg(r::text, '' order by grain_key)) from granary.state r"
                let then = try await fixture.database.psql(snapshot)
                let counts = try await group.reduce(into: [Int]()) { $0.append($1) }
                #expect(try await fixture.database.psql(snapshot) == then)
                return counts
            }
            #expect(counts.allSatisfy { $0 > 0 })
        }
    }

    @Test(arguments: [true, false])
    func aSaveThatIsFrozenBeforeItsCommitDoesNotCommitAfterTheDeath(isAlone: Bool) async throws {
        try await Fixture.with { fixture in
            let view = try await fixture.connection.membership.read().number
            let next = SystemRandomSource().nextETag()
            let save =
                isAlone
                ? "granary.save_one(\(fixture.silo), 'Cart', 'ghost', 'contents', null, '\(next)', 1, '1')"
                : """
                granary.save(\(fixture.silo), array[null]::int[], array['Cart'], array['ghost'], array['contents'], \
                array[null]::uuid[], array['\(next)']::uuid[], array[1], array['1']::jsonb[])
                """
            // The save is done, and its transaction stays open for longer than a death waits for it.
            async let frozen: String? = try? await fixture.database.psql(
                "begin; select * from \(save); select pg_sleep(8); commit")
            let isFrozen =
                "select count(*) from pg_stat_activity where query like 'begin; select *%' and wait_event = 'PgSleep'"
            while try await fixture.database.psql(isFrozen) == "0" {}
            let new = try await fixture.connection.membership.declareDead(
                [fixture.silo], view: view, reason: "test", proven: false)
            #expect(new == view + 1)
            _ = await frozen
            #expect(try await fixture.database.psql("select count(*) from granary.state") == "0")
        }
    }

    /// What the fence is for: the look at the member comes after the wait for its lock, not before.
    @Test func aSaveThatWaitedForADeathFindsTheMemberDead() async throws {
        try await Fixture.with { fixture in
            let silo = fixture.silo
            // It commits as soon as a save waits for it.
            async let death: String = fixture.database.psql(
                """
                begin; select granary.fence(array[\(silo)]);
                update granary.member set status = 'dead' where silo = \(silo);
                do $$ begin
                    while not exists (select from pg_locks where locktype = 'advisory' and not granted
                        and database = (select oid from pg_database where datname = current_database())) loop
                        perform pg_sleep(0.005);
                    end loop;
                end $$;
                commit
                """)
            let isHeld =
                "select count(*) from pg_locks where locktype = 'advisory' and granted and mode = 'ExclusiveLock' "
                + "and database = (select oid from pg_database where datname = current_database())"
            while try await fixture.database.psql(isHeld) == "0" {}
            let save = "granary.save_one(\(silo), 'Cart', 'late', 'contents', null, gen_random_uuid(), 1, '1')"
            // Its limit for locks may pass on a slow machine; that writes nothing just the same.
            let outcome = try? await fixture.database.psql("select \(save)")
            #expect(outcome == "f" || outcome == nil)
            _ = try await death
            #expect(try await fixture.database.psql("select \(save)") == "f")
            #expect(try await fixture.database.psql("select count(*) from granary.state") == "0")
        }
    }

    private struct Unexpected: Error { let conflicts: [StateConflict] }
}
