import Granary
import GranaryPostgres
import GranaryTestSupport
import GranaryTesting
import GranaryTransport
import Testing

@testable import GranaryRuntime

/// New views that reach a silo because the database tells of them.
@Suite(.timeLimit(.minutes(2)), .serialized) struct HintTests {
    /// Runs a test with a silo whose renewals, a minute apart, bring it no news.
    private func withSlowSilo(_ body: (Silo, TestDatabase) async throws -> Void) async throws {
        let database = try await PostgresServer.shared().makeDatabase()
        var configuration = SiloConfiguration(cluster: "test", name: "slow")
        configuration.lease = .seconds(240)
        let silo = Silo(
            configuration: configuration, backend: .postgres(database.conninfo), endpoint: .tcp(), logger: .quiet
        ) {}
        try await silo.start()
        let result: Result<Void, any Error>
        do { result = .success(try await body(silo, database)) } catch { result = .failure(error) }
        try? await silo.shutDown()
        try result.get()
    }

    /// Adds a member past any silo; answers the number of the view.
    private func join(_ name: String, _ database: TestDatabase) async throws -> Int64 {
        let view = try await database.psql(
            """
            select j.o_view from granary.cluster c, granary.join(c.view, gen_random_uuid(), '\(name)', '127.0.0.1:1', 1,
            '{}', 60000, '{}', null) j
            """)
        return try #require(Int64(view))
    }

    private func listeners(_ database: TestDatabase) async throws -> [String] {
        try await database.psql(
            "select pid from pg_stat_activity where datname = '\(database.name)' and query like 'listen granary%'"
        ).split(separator: "\n").map(String.init)
    }

    @Test func `a view that another session commits reaches a silo without its asking`() async throws {
        try await withSlowSilo { silo, database in
            var longest = Duration.zero
            for round in 0..<5 {
                let view = try await join("member \(round)", database)
                let committed = ContinuousClock.now
                await eventually { silo.runtime.cluster?.installed ?? 0 >= view }
                longest = max(longest, ContinuousClock.now - committed)
            }
            print("the latest of five views came \(longest) after the session that committed it had ended")
            #expect(longest < .seconds(1))
        }
    }

    @Test func `the connection that listens comes back, and makes up for what it missed`() async throws {
        try await withSlowSilo { silo, database in
            await eventually { (try? await listeners(database).count) == 1 }
            let first = try #require(try await listeners(database).first)
            // The view is committed together with the end of the connection, so that nobody is told of it.
            let view = try await database.psql(
                """
                select pg_terminate_backend(\(first), 5000);
                select j.o_view from granary.cluster c, granary.join(c.view, gen_random_uuid(), 'missed', '127.0.0.1:1', 1,
                '{}', 60000, '{}', null) j
                """)
            let number = try #require(view.split(separator: "\n").last.flatMap { Int64($0) })
            await eventually { silo.runtime.cluster?.installed ?? 0 >= number }
            await eventually { (try? await listeners(database).contains { $0 != first }) == true }
            let next = try await join("told", database)
            await eventually { silo.runtime.cluster?.installed ?? 0 >= next }
        }
    }

    @Test func `a silo that stops listens no more`() async throws {
        var left: TestDatabase?
        try await withSlowSilo { _, database in
            left = database
            await eventually { (try? await listeners(database).count) == 1 }
        }
        let database = try #require(left)
        await eventually { (try? await listeners(database).isEmpty) == true }
    }

    @Test(arguments: ClusterKind.allCases)
    func `who comes and goes is told: joined, active, leaving, left, dead`(kind: ClusterKind) async throws {
        try await LedgerCluster.with(kind) { cluster in
            let first = try await cluster.start("a")
            let told = EventRecorder<MembershipEvent>()
            // Awaited below: it ends when the silo has stopped.
            let reader = Task { for await event in first.membershipEvents { told.record(event) } }
            func waits(for name: String, _ status: MemberStatus) async {
                await told.wait { $0.contains { $0.name == name && $0.status == status } }
            }
            await waits(for: "a", .active)
            let second = try await cluster.start("b")
            await cluster.agree([first, second])
            await waits(for: "b", .active)
            // A later reader begins with those who are there.
            var names: [String] = []
            for await event in second.membershipEvents {
                names.append("\(event.name) \(event.status)")
                if names.count == 2 { break }
            }
            #expect(names == ["a active", "b active"])
            try await cluster.stop("b")
            await waits(for: "b", .left)
            let third = try await cluster.start("c")
            await cluster.agree([first, third])
            if kind == .memory {
                cluster.network.kill("c")
                await waits(for: "c", .dead)
            }
            try await cluster.stop("a")
            await reader.value
            let events = told.all
            #expect(events.last?.name == "a" && events.last?.status == .left, "\(events)")
            // Some may be learned of together with the next one; none comes late, twice or out of order.
            let order: [MemberStatus] = [.joining, .active, .leaving, .left, .dead]
            for name in ["a", "b", "c"] {
                let places = events.filter { $0.name == name }.compactMap { order.firstIndex(of: $0.status) }
                #expect(places == places.sorted() && Set(places).count == places.count, "\(name): \(places)")
            }
            #expect(events.map(\.view) == events.map(\.view).sorted())
        }
    }

    @Test func `a silo that is alone tells of itself`() async throws {
        let silo = Silo(configuration: SiloConfiguration(cluster: "test", name: "alone"), logger: .quiet) {}
        var events = silo.membershipEvents.makeAsyncIterator()
        try await silo.start()
        try await silo.shutDown()
        var told: [MemberStatus] = []
        while let event = await events.next() { told.append(event.status) }
        #expect(told == [.joining, .active, .leaving, .left])
        #expect(await silo.membershipEvents.reduce(into: []) { $0.append($1) } == [])
    }
}
