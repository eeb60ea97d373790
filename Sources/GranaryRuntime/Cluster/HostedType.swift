internal import GranaryCluster

/// A grain type that this silo hosts, as calls from other silos see it.
final class HostedType: Sendable {
    /// Its host.
    let host: any CallReceiving
    /// What tells its grains' places on the ring.
    let hasher: GrainHasher

    init(host: any CallReceiving, hasher: GrainHasher) {
        self.host = host
        self.hasher = hasher
    }
}
