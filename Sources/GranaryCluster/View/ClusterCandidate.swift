/// What a silo says of itself when it joins.
package struct ClusterCandidate: Hashable, Sendable, Codable {
    /// The unique incarnation, a UUID.
    package var incarnation: String
    /// The silo's name, which survives restarts.
    package var name: String
    /// Where the silo can be reached.
    package var address: String
    /// The share of grains it takes, in relation to the others.
    package var weight: Int32
    /// The grain types it hosts.
    package var types: [String]
    /// The versions of those types that are not of version 1; `nil` for none.
    package var versions: [String: ClusterTypeVersion]?
    /// The length of its lease in milliseconds.
    package var leaseMilliseconds: Int32

    /// Makes a candidate.
    ///
    /// - Parameters:
    ///   - incarnation: The unique incarnation, a UUID.
    ///   - name: The silo's name.
    ///   - address: Where the silo can be reached.
    ///   - weight: The share of grains it takes.
    ///   - types: The grain types it hosts.
    ///   - leaseMilliseconds: The length of its lease in milliseconds.
    ///   - versions: The versions of those types that are not of version 1.
    package init(
        incarnation: String, name: String, address: String, weight: Int32, types: [String], leaseMilliseconds: Int32,
        versions: [String: ClusterTypeVersion]? = nil
    ) {
        self.versions = versions
        self.incarnation = incarnation
        self.name = name
        self.address = address
        self.weight = weight
        self.types = types
        self.leaseMilliseconds = leaseMilliseconds
    }
}
