public import GranaryCore

/// Keeps states and the list of silos in this process, with the semantics of a database and none of its durability.
public struct InMemoryBackend: SiloBackend {
    private let cluster: InMemoryCluster

    /// Makes a backend.
    ///
    /// - Parameter cluster: What silos share that shall be of one cluster; an empty one of its own unless said otherwise.
    public init(cluster: InMemoryCluster = InMemoryCluster()) { self.cluster = cluster }

    /// Connects.
    ///
    /// - Parameter context: What the silo lends.
    /// - Returns: The connection.
    /// - Throws: Nothing; a backend in memory is always there.
    public func connect(_ context: BackendContext) async throws -> any BackendConnection {
        Connection(cluster: cluster)
    }

    private struct Connection: BackendConnection {
        let cluster: InMemoryCluster
        var membership: any MembershipStore { cluster }
        var isDurable: Bool { false }
        func stateStore(writingAs silo: Int32) -> any StateStore {
            InMemoryStateStore(cluster: cluster, silo: silo)
        }
        func close() async {}
    }
}

extension SiloBackend where Self == InMemoryBackend {
    /// Keeps everything in the process: for tests and first steps.
    ///
    /// The silo says at its start that it will forget.
    public static var memory: InMemoryBackend { InMemoryBackend() }

    /// Keeps everything in an object that several silos of one process, or one silo after another, can share.
    ///
    /// - Parameter cluster: The object.
    /// - Returns: The backend.
    public static func memory(_ cluster: InMemoryCluster) -> InMemoryBackend { InMemoryBackend(cluster: cluster) }
}
