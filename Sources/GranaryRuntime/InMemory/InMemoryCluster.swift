public import GranaryCore
internal import Synchronization

/// What a cluster keeps in its database, kept in memory: states, members, settings.
public final class InMemoryCluster: Sendable {
    /// The place of a row, compared by bytes as a database does: equal strings of Swift can have different bytes.
    struct RowKey: Hashable {
        private let type: [UInt8]
        private let key: [UInt8]
        private let name: [UInt8]

        init(grain: GrainID, name: String) {
            type = Array(grain.type.utf8)
            key = Array(grain.key.utf8)
            self.name = Array(name.utf8)
        }
    }

    struct Contents {
        var rows: [RowKey: StateRecord] = [:]
        var members: [Member] = []
        var view: Int64 = 0
        var token = "0"
        var settings: [UInt8]?
        /// Who is told of new views.
        var watchers: [UInt64: @Sendable (Int64) -> Void] = [:]
        var watches: UInt64 = 0
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
