/// What a silo says to a client beside its answers: the news of the cluster.
package struct GatewayMessage: Hashable, Sendable, Codable {
    /// The number of the newest view that the silo knows.
    package var newest: Int64
    /// The cluster's hash key.
    package var hashKey: HashKey
    /// That view, unless the client knows it.
    package var view: ClusterView?

    /// Makes a message.
    ///
    /// - Parameters:
    ///   - newest: The number of the newest view that the silo knows.
    ///   - hashKey: The cluster's hash key.
    ///   - view: That view, unless the client knows it.
    package init(newest: Int64, hashKey: HashKey, view: ClusterView?) {
        self.newest = newest
        self.hashKey = hashKey
        self.view = view
    }
}
