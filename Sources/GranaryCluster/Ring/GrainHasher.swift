/// The place of grains of one type on the ring.
///
/// A grain's hash covers the length of its type's name, the name, and the key's text, so that no two grains frame alike.
/// The work for the type is done once.
package struct GrainHasher: Sendable {
    private let start: SipHasher

    /// Prepares the hash for one grain type.
    ///
    /// - Parameters:
    ///   - type: The stable name of the grain type.
    ///   - key: The cluster's hash key.
    package init(type: String, key: HashKey) {
        var hasher = SipHasher(key: key)
        hasher.combine(UInt64(type.utf8.count))
        hasher.combine(type)
        start = hasher
    }

    /// The hash of one grain.
    ///
    /// - Parameter key: The key's text.
    /// - Returns: The same number in every silo of the cluster.
    package func hash(_ key: String) -> UInt64 {
        var hasher = start
        hasher.combine(key)
        return hasher.finalized()
    }
}
