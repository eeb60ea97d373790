public import GranaryCore

extension ClientEndpoint {
    /// Carries calls over TCP.
    ///
    /// - Parameter configuration: How connections are protected, and limits; plain text within this machine by default. A
    ///   client listens nowhere, whatever it says.
    /// - Returns: The endpoint.
    public static func tcp(
        _ configuration: TransportConfiguration = TransportConfiguration(listen: nil)
    ) -> ClientEndpoint {
        var configuration = configuration
        configuration.listen = nil
        configuration.advertise = nil
        return ClientEndpoint { [configuration] context in
            try NetworkTransport(configuration, time: context.time, random: context.random, logger: context.logger)
        }
    }
}
