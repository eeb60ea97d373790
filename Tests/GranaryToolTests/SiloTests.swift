import Foundation
import GranaryTestSupport
import Testing

@Suite("granary silo, ring and grain", .timeLimit(.minutes(2)))
struct SiloTests {
    private func names(_ outcome: Tool.Outcome) throws -> [String] {
        let silos = try outcome.json()["silos"] as? [[String: Any]]
        return (silos ?? []).compactMap { $0["name"] as? String }
    }

    @Test("list shows who lives, and with --all who has ended")
    func list() async throws {
        let database = try await PostgresServer.shared().makeDatabase()
        let none = try await Tool.run("silo", "list", "--postgres", database.conninfo)
        #expect(none.status == 0)
        #expect(none.output.contains("no silo"))
        _ = try await database.addActiveMember(named: "left-alone")
        let second = try await database.addActiveMember(named: "second")
        let evicted = try await Tool.run("silo", "evict", "left-alone", "--postgres", database.conninfo)
        #expect(evicted.status == 0)
        let listed = try await Tool.run("silo", "list", "--json", "--postgres", database.conninfo)
        #expect(try names(listed) == ["second"])
        let all = try await Tool.run("silo", "list", "--all", "--json", "--postgres", database.conninfo)
        #expect(try names(all) == ["left-alone", "second"])
        let table = try await Tool.run("silo", "list", "--postgres", database.conninfo)
        #expect(table.lines.contains { $0.hasPrefix("\(second) ") && $0.contains("active") && $0.contains("Cart") })
    }

    @Test("evict records a death, once")
    func evict() async throws {
        let database = try await PostgresServer.shared().makeDatabase()
        let silo = try await database.addActiveMember(named: "hangs")
        let first = try await Tool.run("silo", "evict", "\(silo)", "--stopped", "--postgres", database.conninfo)
        #expect(first.status == 0)
        let row = try await database.psql("select status, fenced from granary.member where silo = \(silo)")
        #expect(row == "dead|t")
        let again = try await Tool.run("silo", "evict", "hangs", "--postgres", database.conninfo)
        #expect(again.status == 1)
        #expect(again.errors.contains("has ended already: it is dead"))
        let unknown = try await Tool.run("silo", "evict", "nobody", "--postgres", database.conninfo)
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("granary silo list --all"))
    }

    @Test("drain asks, and says when nobody obeys")
    func drain() async throws {
        let database = try await PostgresServer.shared().makeDatabase()
        let silo = try await database.addActiveMember(named: "deaf")
        let asked = try await Tool.run(
            "silo", "drain", "deaf", "--wait", "0", "--json", "--postgres", database.conninfo)
        #expect(asked.status == 0)
        #expect(try asked.json()["status"] as? String == "leaving")
        let waited = try await Tool.run("silo", "drain", "\(silo)", "--wait", "1", "--postgres", database.conninfo)
        #expect(waited.status == 2)
        #expect(waited.output.contains("leaving"))
    }

    @Test("ring and locate agree with each other and with themselves")
    func ring() async throws {
        let database = try await PostgresServer.shared().makeDatabase()
        let empty = try await Tool.run("ring", "--postgres", database.conninfo)
        #expect(empty.output.contains("no silo on the ring"))
        for name in ["a", "b", "c"] { _ = try await database.addActiveMember(named: name) }
        let ring = try await Tool.run("ring", "--json", "--postgres", database.conninfo)
        #expect(ring.status == 0)
        let rings = try #require(try ring.json()["rings"] as? [[String: Any]])
        let first = try #require(rings.first)
        #expect(rings.count == 1)
        #expect(first["types"] as? [String] == ["Cart"])
        let balance = try #require(first["balance"] as? Double)
        #expect(balance >= 1 && balance < 1.1)
        let shares = (first["silos"] as? [[String: Any]] ?? []).compactMap { $0["share"] as? Double }
        #expect(shares.count == 3)
        #expect(abs(shares.reduce(0, +) - 1) < 1e-6)

        let located = try await Tool.run("grain", "locate", "Cart", "alice", "--json", "--postgres", database.conninfo)
        let again = try await Tool.run("grain", "locate", "Cart", "alice", "--json", "--postgres", database.conninfo)
        #expect(located.status == 0)
        #expect(located.output == again.output)
        let owner = try #require(try located.json()["name"] as? String)
        _ = try await Tool.run("silo", "evict", owner, "--postgres", database.conninfo)
        let moved = try await Tool.run("grain", "locate", "Cart", "alice", "--postgres", database.conninfo)
        #expect(moved.status == 0)
        #expect(!moved.output.contains("(\(owner))"))
    }

    @Test("locate names what is wrong")
    func locateFaults() async throws {
        let database = try await PostgresServer.shared().makeDatabase()
        _ = try await database.addActiveMember(named: "a")
        let type = try await Tool.run("grain", "locate", "Nothing", "alice", "--postgres", database.conninfo)
        #expect(type.status == 2)
        #expect(type.output.contains("no silo hosts the type"))
        let key = try await Tool.run("grain", "locate", "Cart", " ", "--postgres", database.conninfo)
        #expect(key.status == 1)
        #expect(key.errors.contains("empty or blank"))
    }
}
