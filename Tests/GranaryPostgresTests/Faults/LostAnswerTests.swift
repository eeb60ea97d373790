import GranaryCore
import GranaryTestSupport
import Testing

@testable import GranaryPostgres

extension PrivateServerTests {
    /// Connections that break between a save and its answer.
    @Suite(.timeLimit(.minutes(5))) struct LostAnswerTests {
        private static func withProxy(_ body: (Fixture, SocketProxy) async throws -> Void) async throws {
            let server = try await PostgresServer.make()
            let proxy = try SocketProxy(server)
            defer { proxy.close() }
            let conninfo: (TestDatabase) -> String = { database in
                "host=\(proxy.folder) port=\(server.port) user=postgres dbname=\(database.name)"
            }
            try await Fixture.with(server, conninfo: conninfo) { fixture in try await body(fixture, proxy) }
        }

        @Test(arguments: [SocketProxy.Fault.cutBefore, .cutAfterAnswer, .cutAtOnce])
        func aSaveWhoseAnswerIsLostIsSavedExactlyOnce(fault: SocketProxy.Fault) async throws {
            try await Self.withProxy { fixture, proxy in
                try await fixture.database.psql(
                    """
                    create table writes (etag uuid);
                    create function note() returns trigger language plpgsql as $$
                      begin if new.etag is not null then insert into writes values (new.etag); end if; return new; end $$;
                    create trigger note after insert or update on granary.state for each row execute function note()
                    """)
                proxy.add([fault, fault])
                let save = StateSave.one("a", "1")
                #expect(try await fixture.store.save(save) == .saved)
                #expect(proxy.cuts == 2)
                #expect(try await fixture.store.load(.one("a"))[0].etag == save.next)
                #expect(try await fixture.database.psql("select count(*), count(distinct etag) from writes") == "1|1")
            }
        }

        @Test func anotherWriterInBetweenLeavesTheOutcomeUnknown() async throws {
            try await Self.withProxy { fixture, proxy in
                // As soon as the save is committed, somebody builds on it: the save that is sent again finds his etag.
                try await fixture.database.psql(
                    """
                    create function overtake() returns trigger language plpgsql as $$
                      begin new.etag := '00000000-0000-4000-8000-000000000001'; return new; end $$;
                    create trigger overtake before update on granary.state for each row execute function overtake()
                    """)
                let first = StateSave.one("a", "1")
                #expect(try await fixture.store.save(first) == .saved)
                proxy.add([.cutAfterAnswer])
                let error = await #expect(throws: StorageError.self) {
                    try await fixture.store.save(.one("a", "2", expected: first.next))
                }
                #expect(error?.code == .outcomeUnknown)
            }
        }

        @Test func manyCutsUnderLoadLoseAndRepeatNothing() async throws {
            try await Self.withProxy { fixture, proxy in
                let faults: [SocketProxy.Fault] = [.cutBefore, .cutAfterAnswer, .cutAtOnce]
                proxy.add((0..<12).map { faults[$0 % 3] })
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<40 {
                        group.addTask {
                            var etag: ETag?
                            for number in 1...20 {
                                let save = StateSave.one("w\(writer)", "\(number)", expected: etag)
                                let outcome = try await fixture.store.save(save)
                                #expect(outcome == .saved)
                                etag = save.next
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(proxy.cuts == 12)
                #expect(
                    try await fixture.database.psql("select count(*), sum(data::int) from granary.state") == "40|800")
            }
        }
    }
}
