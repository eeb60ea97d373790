package import GranaryCore

extension ClientEndpoint {
    /// Carries calls to silos of the same process.
    ///
    /// - Parameters:
    ///   - network: The network.
    ///   - name: The name that faults are asked for by.
    /// - Returns: The endpoint.
    package static func inProcess(_ network: InProcessNetwork, named name: String) -> ClientEndpoint {
        ClientEndpoint { context in network.transport(named: name, isClient: true, logger: context.logger) }
    }
}
