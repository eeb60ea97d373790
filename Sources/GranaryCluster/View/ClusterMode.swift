/// What the cluster prefers while a silo's end is not proven.
package enum ClusterMode: String, Hashable, Sendable, Codable {
    /// The next owner serves as soon as the death is recorded; a frozen owner may answer stale reads for a bounded time.
    case fast
    /// The next owner serves only when the dead one's lease is over.
    case strict
}
