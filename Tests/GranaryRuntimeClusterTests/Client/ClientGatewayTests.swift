import Configuration
import Granary
import GranaryCore
import GranaryTestSupport
import GranaryTesting
import GranaryTransport
import ServiceLifecycle
import Synchronization
import Testing

@testable import GranaryRuntime

/// How a client finds its cluster, and loses and finds it again: over real sockets.
@Suite(.timeLimit(.minutes(2)), .serialized) struct ClientGatewayTests {
    @Test func `J1 a client that starts before any silo is connected once one is there`() async throws {
        try await SocketCluster.with { cluster in
            let client = try cluster.makeClient(knowing: "a", "b")
            let connecting = Task { try await client.connect() }
            await eventually { client.driver.state.withLock { $0.trouble.contains("nobody listens there") } }
            let early = Task { try await client.ledger("key").add(1) }
            try await cluster.start("b")
            try await connecting.value
            #expect(try await early.value == 1)
            #expect(client.isConnected)
            await client.shutDown()
        }
    }

    @Test func `J1 a client gives up at its time limit, or when it is cancelled, and says what it tried`() async throws
    {
        try await SocketCluster.with { cluster in
            let patient = try cluster.makeClient(knowing: "a") { $0.connectTimeout = .milliseconds(300) }
            let error = await grainError { try await patient.connect() }
            #expect(error?.code == .siloUnavailable)
            let address = try cluster.address(of: "a")
            #expect(error?.message.contains("\(address): nobody listens there") == true)
            let cancelled = try cluster.makeClient(knowing: "a") { $0.connectTimeout = nil }
            let connecting = Task { try await cancelled.connect() }
            await eventually { cancelled.driver.state.withLock { $0.trouble.contains("nobody listens there") } }
            connecting.cancel()
            await #expect(throws: CancellationError.self) { try await connecting.value }
            #expect(await grainError { try await cancelled.ledger("key").add(1) }?.code == .siloUnavailable)
        }
    }

    @Test func `J1 a client of an empty list of silos connects once one has joined`() async throws {
        try await LedgerCluster.with { cluster in
            let client = cluster.makeClient()
            let connecting = Task { try await client.connect() }
            await eventually { client.driver.state.withLock { $0.trouble.contains("lists no silo") } }
            try await cluster.start("a")
            try await connecting.value
            #expect(try await client.ledger("key").place() == "a")
            await client.shutDown()
        }
    }

    @Test func `J2 connections that say nothing, or half of a greeting, disturb neither clients nor silos that join`()
        async throws
    {
        try await SocketCluster.with { cluster in
            try await cluster.start("a")
            let ports = try cluster.ports(of: "a")
            let stalled = try [ports.data, ports.control].flatMap { port in
                let half = try RawSocket(connectingTo: port)
                half.send([0, 0, 0, 0x45, 0x01, 0x47, 0x52])
                return [try RawSocket(connectingTo: port), half]
            }
            let began = ContinuousClock.now
            try await cluster.makeClient(knowing: "a").whileConnected { client in
                #expect(try await client.ledger("key").add(1) == 1)
                try await cluster.start("b")
                for number in 0..<20 { _ = try await client.ledger("key \(number)").add(1) }
            }
            // A greeting may take 5 s.
            #expect(ContinuousClock.now - began < .seconds(4))
            withExtendedLifetime(stalled) {}
        }
    }

    @Test func `J4 a client of another cluster is refused, with an error that names both`() async throws {
        try await SocketCluster.with("shop") { cluster in
            try await cluster.start("a")
            let client = try cluster.makeClient(knowing: "a") { $0.cluster = "bank" }
            let error = await grainError { try await client.connect() }
            #expect(error?.code == .configuration)
            #expect(error?.message.contains("'bank'") == true)
            #expect(error?.message.contains("'shop'") == true)
        }
    }

    @Test func `J6 a client tells when it lost its cluster and when it has it again, and its calls work`() async throws
    {
        try await SocketCluster.with { cluster in
            try await cluster.start("a")
            let client = try cluster.makeClient(knowing: "a") { $0.callTimeout = .seconds(20) }
            let kinds = EventRecorder<String>()
            let events = client.connectionEvents()
            let reader = Task { for await event in events { kinds.record("\(event.kind)") } }
            try await client.whileConnected { client in
                #expect(try await client.ledger("key").add(1) == 1)
                try await cluster.stop("a")
                await kinds.wait(for: "lost")
                #expect(!client.isConnected)
                let error = await grainError { try await client.ledger("key").within(.milliseconds(300)).add(9) }
                #expect(error?.code == .siloUnavailable)
                let waiting = Task { try await client.ledger("key").add(2) }
                try await cluster.start("a")
                await kinds.wait(for: "connected", times: 2)
                #expect(try await waiting.value == 2)
                #expect(client.gateways == ["a"])
            }
            await reader.value
            #expect(
                kinds.all.filter { $0 == "connected" || $0 == "lost" }.prefix(3) == ["connected", "lost", "connected"])
        }
    }

    @Test func `C38 a client goes on when the silo that tells it of the cluster stands still`() async throws {
        try await LedgerCluster.with { cluster in
            try await cluster.startAll("a", "b", "c")
            try await cluster.withClient(settings: { $0.gatewayCount = 1 }) { client in
                let gateway = try #require(client.gateways.first)
                let began = ContinuousClock.now
                cluster.network.freeze(gateway, true)
                cluster.book.forget(gateway)
                await eventually { !client.gateways.isEmpty && client.gateways != [gateway] }
                for number in 0..<30 { #expect(try await client.ledger("key \(number)").place() != gateway) }
                #expect(ContinuousClock.now - began < .seconds(10))
                cluster.network.freeze(gateway, false)
            }
        }
    }

    @Test func `J7 a silo with too much to do turns a client's calls away until it has less`() async throws {
        try await SocketCluster.with { cluster in
            let silo = try await cluster.start("a") { $0.clientCallLimit = 4 }
            try await cluster.makeClient(knowing: "a").whileConnected { client in
                let busy = (0..<4).map { number in Task { try await client.ledger("busy \(number)").wait(for: "gate") }
                }
                await cluster.book.events.wait(forCount: 4)
                let error = await grainError { try await client.ledger("other").ping() }
                #expect(error?.code == .overloaded)
                #expect(error?.message.contains("did not start") == true)
                // What comes from silos, and may be what those calls wait for, is not turned away.
                try await cluster.start("b").ledger("from b").hear(1)
                cluster.book.latch("gate").open()
                for task in busy { _ = try await task.value }
                #expect(try await client.ledger("other").ping() == 1)
                #expect(silo.runtime.cluster?.clients.callCount == 0)
            }
        }
    }

    @Test func `J8 a client and its silos show each other certificates, and a wrong one is refused`() async throws {
        let authority = try TestAuthority()
        let other = try TestAuthority()
        defer {
            authority.remove()
            other.remove()
        }
        func security(_ name: String, by signer: TestAuthority, roots: TestAuthority) throws -> TransportSecurity {
            let files = try signer.certificate(name)
            return .tls(TLSFiles(certificate: files.certificate, key: files.key, roots: roots.root))
        }
        try await SocketCluster.with { cluster in
            try await cluster.start("a", security: try security("a", by: authority, roots: authority))
            try await cluster.start("b", security: try security("b", by: authority, roots: authority))
            let good = try security("client", by: authority, roots: authority)
            try await cluster.makeClient(knowing: "a", security: good).whileConnected { (client) async throws in
                for number in 0..<20 { #expect(try await client.ledger("key \(number)").add(1) == 1) }
            }
            let wrong = [
                // The silo does not know who signed the client's.
                try security("client", by: other, roots: authority),
                // The client does not know who signed the silo's.
                try security("client", by: authority, roots: other),
                .plaintextOnLoopback,
            ]
            for security in wrong {
                let client = try cluster.makeClient(knowing: "a", security: security) {
                    $0.connectTimeout = .seconds(1)
                }
                #expect(await grainError { try await client.connect() }?.code == .siloUnavailable)
            }
        }
    }

    @Test func `a client is a service, and its settings come from a configuration`() async throws {
        try await SocketCluster.with { cluster in
            try await cluster.start("a")
            let config = ConfigReader(
                provider: InMemoryProvider(values: [
                    "granary.cluster": "test", "granary.name": "front", "granary.call-timeout": "2.5",
                    "granary.connect-timeout": "7", "granary.drain-timeout": "3", "granary.gateway-count": "1",
                    "granary.gateways": .init(stringLiteral: "127.0.0.1:1, \(try cluster.address(of: "a"))"),
                ]))
            let configuration = try ClientConfiguration(config: config)
            #expect(configuration.callTimeout == .milliseconds(2_500))
            #expect(configuration.connectTimeout == .seconds(7))
            #expect(configuration.drainTimeout == .seconds(3))
            #expect(configuration.gatewayCount == 1)
            #expect(ClientGateways(config: ConfigReader(provider: InMemoryProvider(values: [:]))) == nil)
            let client = ClusterClient(
                configuration: configuration, gateways: try #require(ClientGateways(config: config)),
                endpoint: try .tcp(config: config), logger: .quiet)
            let group = ServiceGroup(services: [client], logger: .quiet)
            let running = Task { try await group.run() }
            #expect(try await client.ledger("key").place() == "a")
            #expect(client.configuration.name == "front")
            await group.triggerGracefulShutdown()
            try await running.value
            #expect(!client.isConnected)
        }
    }
}
