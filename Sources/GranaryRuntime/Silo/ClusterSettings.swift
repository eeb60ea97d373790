internal import FoundationEssentials
internal import GranaryCluster
internal import GranaryCore

/// What all silos of a cluster have in common, as stored in the database.
struct ClusterSettings: Codable, Hashable {
    var cluster: String
    var mode = ClusterMode.fast
    var protocolVersion = 1
    /// The key of the hash that places grains on the ring.
    var hashKey = HashKey(low: 0, high: 0)

    init(cluster: String) { self.cluster = cluster }

    init(cluster: String, failover: FailoverMode, random: any RandomSource) {
        self.cluster = cluster
        mode = failover == .strict ? .strict : .fast
        hashKey = HashKey(low: random.next() >> 1, high: random.next() >> 1)
    }

    init(json: [UInt8]) {
        // Settings that another version wrote differently name no cluster that this one could be of.
        self = (try? JSONDecoder().decode(Self.self, from: Data(json))) ?? Self(cluster: "?")
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        cluster = try container.decode(String.self, forKey: .cluster)
        mode = try container.decode(ClusterMode.self, forKey: .mode)
        protocolVersion = try container.decode(Int.self, forKey: .protocolVersion)
        hashKey = try container.decodeIfPresent(HashKey.self, forKey: .hashKey) ?? hashKey
    }

    /// Writes these settings if the cluster has none, and reads those that it has.
    ///
    /// - Parameter store: The list of silos.
    /// - Returns: The cluster's settings.
    /// - Throws: ``StorageError``; ``GrainError`` when the database belongs to another cluster.
    func settled(in store: any MembershipStore) async throws -> ClusterSettings {
        let stored = ClusterSettings(json: try await store.settle(json))
        guard stored.cluster == cluster else {
            throw GrainError(
                .configuration,
                "This database belongs to cluster '\(stored.cluster)'; this silo is of cluster '\(cluster)'. Use the "
                    + "cluster's name, or another database.")
        }
        return stored
    }

    /// Sorted, so that equal settings are equal texts.
    var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? [UInt8](encoder.encode(self))) ?? []
    }
}
