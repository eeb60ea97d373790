/// What a process says of itself to every other one.
package struct TransportIdentity: Sendable {
    /// The cluster's name; processes of different clusters refuse each other.
    package var cluster: String
    /// This process.
    package var own: PeerIdentity

    /// Makes an identity.
    package init(cluster: String, own: PeerIdentity) {
        self.cluster = cluster
        self.own = own
    }
}
