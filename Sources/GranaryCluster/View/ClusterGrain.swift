/// A grain's identity with its place on the ring.
package struct ClusterGrain: Sendable, Codable {
    /// The stable name of the grain type.
    package var type: String
    /// The key's text.
    package var key: String
    /// What ``GrainHasher`` gives for the two.
    package var hash: UInt64

    /// Names a grain.
    ///
    /// - Parameters:
    ///   - type: The stable name of the grain type.
    ///   - key: The key's text.
    ///   - hash: What ``GrainHasher`` gives for the two.
    package init(type: String, key: String, hash: UInt64) {
        self.type = type
        self.key = key
        self.hash = hash
    }
}

extension ClusterGrain: Hashable {
    /// Tables file a grain under the hash it already has; equality still looks at type and key.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(hash)
    }
}

extension ClusterGrain: CustomStringConvertible {
    /// For example `ShoppingCart/alice`.
    package var description: String { "\(type)/\(key)" }
}
