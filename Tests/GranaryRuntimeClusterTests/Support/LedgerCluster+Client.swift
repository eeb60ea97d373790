import Granary
import GranaryTesting
import GranaryTransport
import Logging

@testable import GranaryRuntime

extension LedgerCluster {
    /// A client that is not connected yet.
    func makeClient(_ name: String = "client", settings: (inout ClientConfiguration) -> Void = { _ in })
        -> ClusterClient
    {
        var configuration = ClientConfiguration(cluster: "test", name: name)
        settings(&configuration)
        return ClusterClient(
            configuration: configuration, gateways: .listed(in: backend),
            endpoint: kind == .memory ? .inProcess(network, named: name) : .tcp(), logger: .quiet)
    }

    /// Connects a client for as long as an operation runs.
    func withClient(
        settings: (inout ClientConfiguration) -> Void = { _ in }, _ body: (ClusterClient) async throws -> Void
    ) async throws {
        try await makeClient(settings: settings).whileConnected(body)
    }
}

extension ClusterClient {
    /// Is connected for as long as an operation runs.
    func whileConnected(_ body: (ClusterClient) async throws -> Void) async throws {
        try await connect()
        let result: Result<Void, any Error>
        do { result = .success(try await body(self)) } catch { result = .failure(error) }
        await shutDown()
        try result.get()
    }

    func ledger(_ key: String) -> Ledger.Reference { grain(Ledger.self, key) }

    /// A key whose grain lives on a silo.
    func key(on silo: String, _ prefix: String = "key") async throws -> String {
        for number in 0... {
            let key = "\(prefix) \(number)"
            if try await ledger(key).place() == silo { return key }
        }
        return ""
    }
}
