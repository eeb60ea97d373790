import Foundation
import GranaryCore
import GranaryTestSupport
import Testing

@testable import GranaryPostgres

/// The SQL on pages does what the pages say.
@Suite struct DocumentedSQLTests {
    /// The blocks of SQL on a page, in order.
    private func blocks(of page: String) throws -> [String] {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let text = try String(contentsOf: root.appendingPathComponent(page), encoding: .utf8)
        return text.matches(of: #/(?s)```sql\n(.*?)```/#).map { String($0.1) }
    }

    @Test func `silos and clients have the rights that the page on operations gives them, and no more`() async throws {
        let database = try await PostgresServer.shared().makeDatabase(isMigrated: false)
        let (owner, silo, client) = ("owner_" + database.name, "silo_" + database.name, "client_" + database.name)
        let blocks = try blocks(of: "docs/operations.md").map { sql in
            sql.replacing("database shop", with: "database \(database.name)")
                .replacing("shop_owner", with: owner).replacing("shop_client", with: client).replacing(
                    #/\bshop\b/#, with: silo)
        }
        // The client's comes first on the page.
        try #require(blocks.count == 3)
        try await database.psql(blocks[1])
        try await Migrator(database.conninfo(user: owner)).apply()
        try await database.server.psql(blocks[2], conninfo: database.conninfo(user: owner))
        try await database.psql(blocks[0])

        let connection = try await PostgresBackend.postgres(database.conninfo(user: silo)).connect(Fixture.context)
        let membership = connection.membership
        _ = try await membership.settle(Array("{}".utf8))
        let candidate = MemberCandidate(
            incarnation: SystemRandomSource().nextETag().description, name: "s", address: "local", weight: 1,
            types: ["Cart"], leaseMilliseconds: 3_000)
        let joined = try #require(try await membership.join(candidate, view: 0, superseding: nil))
        let active = try #require(try await membership.advance(joined.silo, to: .active, view: joined.view))
        #expect(try await membership.renew(joined.silo, released: active).status == .active)
        let store = connection.stateStore(writingAs: joined.silo)
        #expect(try await store.save(.one("alice", "1")) == .saved)
        #expect(try await store.load(.one("alice")).first?.text == "1")
        #expect(try await membership.declareDead([joined.silo], view: active, reason: "test", proven: false) != nil)
        #expect(try await membership.proveEnd(joined.silo) != nil)
        await connection.close()

        let members = "select name from granary.member"
        try await #expect(database.server.psql(members, conninfo: database.conninfo(user: client)) == "s")
        for statement in ["select 1 from granary.state", "update granary.member set weight = 2"] {
            await #expect(throws: (any Error).self) {
                try await database.server.psql(statement, conninfo: database.conninfo(user: client))
            }
        }
        await #expect(throws: (any Error).self) {
            try await database.server.psql(
                "create table granary.mine (a int)", conninfo: database.conninfo(user: silo))
        }
        await #expect(throws: (any Error).self) {
            try await database.server.psql("delete from granary.migration", conninfo: database.conninfo(user: silo))
        }
        try await database.psql(
            """
            drop owned by \(silo), \(owner), \(client) cascade; drop role \(silo); drop role \(owner); \
            drop role \(client)
            """)
    }

    @Test func `the article on state reads and changes rows`() async throws {
        try await Fixture.with { fixture in
            let blocks = try blocks(of: "Sources/Granary/Documentation.docc/GrainState.md").map { sql in
                sql.replacing("'ShoppingCart'", with: "'Cart'")
            }
            try #require(blocks.count == 2)
            let save = StateSave.one("alice", #"{"quantities": {"tea": 2}}"#)
            #expect(try await fixture.store.save(save) == .saved)
            #expect(try await fixture.database.psql(blocks[0]) == "alice|2")
            try await fixture.database.psql(blocks[1])
            #expect(try await fixture.database.psql(blocks[0]) == "alice|5")
            // An activation that had read the row before notices.
            guard case .conflict = try await fixture.store.save(.one("alice", "{}", expected: save.next)) else {
                Issue.record("the change by hand was overwritten")
                return
            }
        }
    }
}
