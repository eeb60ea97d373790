import Granary
import GranaryTesting
import GranaryTransport
import Logging

@testable import GranaryRuntime

/// Silos of one cluster in one process, on a network and a store of their own.
struct TestSilos {
    let network = InProcessNetwork()
    let store = InMemoryCluster()
    let stage = Stage()

    /// Starts a silo.
    func start(_ name: String, settings: (inout SiloConfiguration) -> Void = { _ in }) async throws -> Silo {
        var configuration = SiloConfiguration(name: name)
        settings(&configuration)
        let silo = Silo(
            configuration: configuration, backend: .memory(store), endpoint: .inProcess(network, named: name),
            logger: .quiet
        ) {
            Probe.hosted { [stage] context in try Probe(context: context, stage: stage) }
        }
        try await silo.start()
        return silo
    }
}
