public import GranaryCore
internal import Synchronization

/// What a cluster keeps in its database, kept in memory: states, members, settings.
public final class InMemoryCluster: Sendable {
    struct RowKey: Hashable {
        var grain: GrainID
        var name: String
    }

    struct Contents {
        var rows: [RowKey: StateRecord] = [:]
        var members: [Member] = []
        var view: Int64 = 0
        var token = "0"
        var settings: [UInt8]?
    }

    let contents = Mutex(Contents())

    /// Makes an empty cluster.
    public init() {}

    /// Reads one stored state, past any grain: for tests.
    ///
    /// - Parameters:
    ///   - grain: The grain.
    ///   - name: The state's name.
    /// - Returns: The record; without an etag where there is no row.
    public func record(of grain: GrainID, _ name: String) -> StateRecord {
        contents.withLock { $0.rows[RowKey(grain: grain, name: name)] ?? .absent }
    }
}
