import Granary
import GranaryCluster
import GranaryCore
import GranaryPostgres
import GranaryTestSupport
import GranaryTesting
import GranaryTransport
import Testing

@testable import GranaryRuntime

/// What the first silo of a database settles for all that follow.
@Suite(.timeLimit(.minutes(1)), .serialized) struct SettingsTests {
    private func backend(_ kind: ClusterKind) async throws -> any SiloBackend {
        switch kind {
        case .memory: .memory(InMemoryCluster())
        case .postgres: .postgres(try await PostgresServer.shared().makeDatabase().conninfo)
        }
    }

    private func silo(
        _ name: String, on backend: any SiloBackend, _ failover: FailoverMode, endpoint: SiloEndpoint? = nil
    ) -> Silo {
        var configuration = SiloConfiguration(cluster: "test", name: name)
        configuration.failover = failover
        return Silo(configuration: configuration, backend: backend, endpoint: endpoint, logger: .quiet) {}
    }

    private func settings(of backend: any SiloBackend) async throws -> ClusterSettings {
        let context = BackendContext(logger: .quiet, time: SystemTimeSource(), random: SystemRandomSource())
        let connection = try await backend.connect(context)
        let stored = try await connection.membership.settle(Array("{}".utf8))
        await connection.close()
        return ClusterSettings(json: stored)
    }

    @Test(arguments: ClusterKind.allCases)
    func `a silo that is alone settles a new database as others do`(kind: ClusterKind) async throws {
        let backend = try await backend(kind)
        let alone = silo("alone", on: backend, .strict)
        try await alone.start()
        try await alone.shutDown()
        let first = try await settings(of: backend)
        #expect(first.mode == .strict)
        #expect(first.hashKey != HashKey(low: 0, high: 0))
        // Those of a cluster take the settings over.
        let network = InProcessNetwork()
        let second = silo("second", on: backend, .strict, endpoint: .inProcess(network, named: "second"))
        try await second.start()
        #expect(second.runtime.cluster?.hashKey == first.hashKey)
        try await second.shutDown()
        #expect(try await settings(of: backend) == first)
    }

    @Test(arguments: ClusterKind.allCases)
    func `a silo that is alone refuses another mode and another protocol`(kind: ClusterKind) async throws {
        let backend = try await backend(kind)
        let first = silo("first", on: backend, .fast)
        try await first.start()
        try await first.shutDown()
        let strict = silo("strict", on: backend, .strict)
        let error = await grainError { try await strict.start() }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("failover mode is fast") == true)

        let other = try await self.backend(kind)
        let context = BackendContext(logger: .quiet, time: SystemTimeSource(), random: SystemRandomSource())
        let connection = try await other.connect(context)
        var newer = ClusterSettings(cluster: "test")
        newer.protocolVersion = 99
        _ = try await connection.membership.settle(newer.json)
        await connection.close()
        let old = silo("old", on: other, .fast)
        let refusal = await grainError { try await old.start() }
        #expect(refusal?.code == .configuration)
        #expect(refusal?.message.contains("version 99") == true)
    }
}
