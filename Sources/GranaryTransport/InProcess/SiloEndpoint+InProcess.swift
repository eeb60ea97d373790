package import GranaryCore

extension SiloEndpoint {
    /// Carries calls between silos of one process.
    ///
    /// - Parameters:
    ///   - network: The network.
    ///   - name: The name that faults are asked for by.
    /// - Returns: The endpoint.
    package static func inProcess(_ network: InProcessNetwork, named name: String) -> SiloEndpoint {
        SiloEndpoint { context in network.transport(named: name, logger: context.logger) }
    }
}
