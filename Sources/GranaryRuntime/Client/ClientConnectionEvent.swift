/// A change in a client's connection with its cluster.
public struct ClientConnectionEvent: Sendable, Hashable {
    /// The kind of a ``ClientConnectionEvent``; more kinds may come, so a `switch` needs a default.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        /// The stable name.
        public let description: String

        private init(_ name: String) { description = name }

        /// The client reached its cluster, for the first time or again.
        public static let connected = Kind("connected")
        /// No silo tells the client of the cluster any more.
        ///
        /// Calls go on to silos that can be reached, and others wait; the client looks for a silo by itself.
        public static let lost = Kind("lost")
        /// One more silo tells the client of the cluster.
        public static let gatewayFound = Kind("gatewayFound")
        /// A silo that told the client of the cluster does not any more.
        public static let gatewayLost = Kind("gatewayLost")
    }

    /// What happened.
    public var kind: Kind
    /// The silo that it happened with.
    public var silo: String
    /// How many silos tell the client of the cluster now.
    public var gateways: Int

    /// Makes an event.
    ///
    /// - Parameters:
    ///   - kind: What happened.
    ///   - silo: The silo that it happened with.
    ///   - gateways: How many silos tell the client of the cluster now.
    public init(_ kind: Kind, silo: String, gateways: Int) {
        self.kind = kind
        self.silo = silo
        self.gateways = gateways
    }
}

extension ClientConnectionEvent: CustomStringConvertible {
    /// For example `lost (silo-a, 0 gateways)`.
    public var description: String { "\(kind) (\(silo), \(gateways) gateways)" }
}
