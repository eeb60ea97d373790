public import GranaryCore

extension SiloEndpoint {
    /// Carries calls over TCP.
    ///
    /// - Parameter configuration: Where to listen and how connections are protected; loopback and a free port by default.
    /// - Returns: The endpoint.
    public static func tcp(_ configuration: TransportConfiguration = TransportConfiguration()) -> SiloEndpoint {
        SiloEndpoint { context in
            try NetworkTransport(configuration, time: context.time, random: context.random, logger: context.logger)
        }
    }
}
