package import GranaryCluster
package import GranaryCore

/// A look at a cluster from outside: its members, how the ring divides grains among them, and who owns a grain.
///
/// It is right for the view that it was read in; the next view may be different.
package struct ClusterMap: Sendable {
    /// The view.
    package let view: MembershipView
    private let history: RingHistory
    private let hashKey: HashKey

    /// Makes a map.
    ///
    /// - Parameters:
    ///   - view: The view.
    ///   - hashKey: The cluster's hash key.
    package init(_ view: MembershipView, hashKey: HashKey) {
        self.view = view
        self.hashKey = hashKey
        let settings = OwnershipSettings(mode: .fast, hashKey: hashKey)
        var history = RingHistory(key: hashKey, pointsPerWeight: settings.pointsPerWeight)
        history.update(ClusterView(view).members, floor: view.number)
        self.history = history
    }

    /// Reads the newest view.
    ///
    /// - Parameter store: The list of silos.
    /// - Returns: The map.
    /// - Throws: ``StorageError``; ``GrainError`` when the cluster's settings are of another version.
    package static func read(_ store: any MembershipStore) async throws -> ClusterMap {
        let view = try await store.read()
        // A member settles the settings before it joins: where there is none, nothing is to be read, and nothing written.
        if view.members.isEmpty { return ClusterMap(view, hashKey: HashKey(low: 0, high: 0)) }
        let stored = ClusterSettings(json: try await store.settle([UInt8]("{}".utf8)))
        let own = ClusterSettings(cluster: stored.cluster)
        guard stored.protocolVersion == own.protocolVersion, stored.cluster != "?" else {
            throw GrainError(
                .configuration,
                "The cluster's settings were written by another version of Granary; use the tool of the silos' version."
            )
        }
        return ClusterMap(view, hashKey: stored.hashKey)
    }

    /// The members that have not ended, lowest number first.
    package var liveMembers: [Member] { view.members.filter(\.status.isLive).sorted { $0.silo < $1.silo } }

    /// The member with this number or name; among members of one name the one that lives, else the last one.
    package func member(_ word: String) -> Member? {
        if let number = Int32(word) { return view.members.first { $0.silo == number } }
        let named = view.members.filter { $0.name == word }.sorted { $0.silo < $1.silo }
        return named.last(where: \.status.isLive) ?? named.last
    }

    /// The grain types that members of the ring host, in order.
    package var types: [String] { Set(liveMembers.flatMap(\.types)).sorted() }

    /// How the ring divides the grains of one type.
    ///
    /// - Parameter type: The grain type.
    /// - Returns: Each owner's part of all keys; empty when no member of the ring hosts the type.
    package func shares(of type: String) -> [Int32: Double] { history.ring(for: type, at: view.number).shares() }

    /// The owner of a grain.
    ///
    /// - Parameter grain: The grain.
    /// - Returns: The member; `nil` when no member of the ring hosts its type.
    package func owner(of grain: GrainID) -> Member? {
        let hash = GrainHasher(type: grain.type, key: hashKey).hash(grain.key)
        guard let silo = history.owner(of: hash, type: grain.type, at: view.number) else { return nil }
        return view.members.first { $0.silo == silo }
    }
}
