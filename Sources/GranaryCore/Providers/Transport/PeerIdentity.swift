/// Who is at the other end of a session: one incarnation of a silo, or a client outside the cluster.
package struct PeerIdentity: Hashable, Sendable {
    /// The member's number; 0 for a client, which is no member.
    package var silo: Int32
    /// The incarnation, a UUID in its usual text form.
    package var incarnation: String

    /// Names a peer.
    package init(silo: Int32, incarnation: String) {
        self.silo = silo
        self.incarnation = incarnation
    }

    /// Whether this is a client: it dials gateways and is never dialed.
    package var isClient: Bool { silo == 0 }
}

extension PeerIdentity: CustomStringConvertible {
    /// For example `silo 3 (1b4e28ba-…)`.
    package var description: String { "\(isClient ? "client" : "silo \(silo)") (\(incarnation))" }
}
