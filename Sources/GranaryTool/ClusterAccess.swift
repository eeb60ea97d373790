import GranaryCore
import GranaryPostgres
import GranaryRuntime
import Logging

/// A database opened for a look at its cluster.
struct ClusterAccess {
    /// The list of silos.
    let membership: any MembershipStore

    /// How often a change is decided anew when the view moves on under it.
    private static let attempts = 20

    /// Opens a database, does something, and closes it.
    ///
    /// - Parameters:
    ///   - database: The database.
    ///   - body: What to do.
    /// - Throws: What opening or `body` throws.
    static func with(_ database: DatabaseOptions, _ body: (ClusterAccess) async throws -> Void) async throws {
        let context = BackendContext(
            logger: Logger(label: "granary", factory: { _ in SwiftLogNoOpLogHandler() }), time: SystemTimeSource(),
            random: SystemRandomSource())
        let connection = try await PostgresBackend.postgres(try database.connectionString()).connect(context)
        do {
            try await body(ClusterAccess(membership: connection.membership))
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }

    /// Reads the newest view.
    func map() async throws -> ClusterMap { try await ClusterMap.read(membership) }

    /// Changes a member of the newest view, as often as it takes to meet a view that does not move on meanwhile.
    ///
    /// - Parameters:
    ///   - word: The member's number or name.
    ///   - change: Is given the view and the member, and answers the new view; `nil` when the view has moved on.
    /// - Returns: The member as it was, and the view in which it is changed.
    /// - Throws: A message when there is no such member or it has ended.
    func change(
        _ word: String, _ change: (MembershipView, Member) async throws -> Int64?
    ) async throws -> (member: Member, view: Int64) {
        for _ in 0..<Self.attempts {
            let map = try await map()
            guard let member = map.member(word) else {
                throw ToolFailure(
                    "No silo has the name or number '\(word)'. granary silo list --all shows all of them.")
            }
            guard member.status.isLive else {
                throw ToolFailure(
                    "Silo \(member.silo) (\(member.name)) has ended already: it is \(member.status.rawValue).")
            }
            if let view = try await change(map.view, member) { return (member, view) }
        }
        throw ToolFailure("The cluster keeps changing: the view moved on \(Self.attempts) times. Try again.")
    }
}
