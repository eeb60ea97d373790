import Foundation
import GranaryPostgres

/// A database that one test has to itself.
public struct TestDatabase: Sendable {
    /// Its name.
    public let name: String
    /// The server that has it.
    public let server: PostgresServer

    /// Names a database of a server.
    public init(name: String, server: PostgresServer) {
        self.name = name
        self.server = server
    }

    /// A connection string for it.
    public var conninfo: String { conninfo(of: server.conninfo) }

    /// A connection string for it in the name of a role.
    public func conninfo(as role: String) -> String {
        guard conninfo.hasPrefix("postgres"), conninfo.contains("://") else { return conninfo + " user=\(role)" }
        return conninfo + (conninfo.contains("?") ? "&" : "?") + "user=\(role)"
    }

    private func conninfo(of base: String) -> String {
        guard base.hasPrefix("postgres"), let scheme = base.range(of: "://") else {
            return base + " dbname=\(name)"
        }
        // In a URI the database is the path, after the hosts and before the parameters.
        let rest = base[scheme.upperBound...]
        let parameters = rest.firstIndex(of: "?") ?? rest.endIndex
        let path = rest[..<parameters].firstIndex(of: "/") ?? parameters
        return "\(base[..<scheme.upperBound])\(rest[..<path])/\(name)\(rest[parameters...])"
    }

    /// Runs SQL in it as the administrator.
    @discardableResult
    public func psql(_ sql: String) async throws -> String { try await server.psql(sql, conninfo: conninfo) }

    /// Gives it Granary's schema.
    public func migrate() async throws { try await Migrator(conninfo).apply() }

    /// Adds an active member and returns its number.
    ///
    /// - Parameter name: The silo's name.
    public func addActiveMember(named name: String = "test") async throws -> Int32 {
        let sql = """
            insert into granary.cluster (settings) values (
              '{"cluster": "test", "mode": "fast", "protocolVersion": 1, "hashKey": {"low": 1, "high": 2}}')
              on conflict do nothing;
            with j as (select j.* from granary.cluster c, granary.join(c.view, gen_random_uuid(), '\(name)', 'test:1', 1,
              '{Cart}', 3000, '{}', null) j) select o_silo from j;
            """
        let silo = try await psql(sql)
        try await psql("select granary.advance(view, \(silo), 'active') from granary.cluster")
        guard let number = Int32(silo) else { throw Command.Failure(description: "no member: \(silo)") }
        return number
    }
}
