import Configuration
import Granary
import Testing

@Suite struct ConfigurationTests {
    private func read(environment: [String: String] = [:], arguments: [String] = []) throws -> SiloConfiguration {
        try SiloConfiguration(
            config: ConfigReader(providers: [
                CommandLineArgumentsProvider(arguments: ["program"] + arguments),
                EnvironmentVariablesProvider(environmentVariables: environment),
            ]))
    }

    @Test func `nothing set gives the defaults`() throws {
        #expect(try read() == SiloConfiguration())
    }

    @Test func `the environment sets every value`() throws {
        let configuration = try read(environment: [
            "GRANARY_CLUSTER": "shop", "GRANARY_NAME": "silo-2", "GRANARY_CALL_TIMEOUT": "2.5",
            "GRANARY_IDLE_AGE": "60", "GRANARY_COLLECTION_INTERVAL": "1", "GRANARY_DRAIN_TIMEOUT": "7",
            "GRANARY_DEACTIVATION_TIMEOUT": "8", "GRANARY_TURN_WARNING": "9", "GRANARY_LEASE": "4",
            "GRANARY_QUEUE_LIMIT": "5", "GRANARY_ACTIVATION_LIMIT": "6", "GRANARY_ISOLATES_CALLS": "true",
            "GRANARY_MEMORY_LIMIT": "85", "GRANARY_MEMORY_TARGET": "70", "GRANARY_MEMORY_INTERVAL": "2",
        ])
        var expected = SiloConfiguration(cluster: "shop", name: "silo-2")
        expected.callTimeout = .milliseconds(2_500)
        expected.idleAge = .seconds(60)
        expected.collectionInterval = .seconds(1)
        expected.drainTimeout = .seconds(7)
        expected.deactivationTimeout = .seconds(8)
        expected.turnWarning = .seconds(9)
        expected.lease = .seconds(4)
        expected.queueLimit = 5
        expected.activationLimit = 6
        expected.isolatesCalls = true
        expected.memoryLimit = 85
        expected.memoryTarget = 70
        expected.memoryInterval = .seconds(2)
        #expect(configuration == expected)
    }

    @Test func `the command line comes before the environment`() throws {
        let configuration = try read(
            environment: ["GRANARY_QUEUE_LIMIT": "5", "GRANARY_NAME": "from-environment"],
            arguments: ["--granary-queue-limit", "50", "--granary-call-timeout", "3"])
        #expect(configuration.queueLimit == 50)
        #expect(configuration.callTimeout == .seconds(3))
        #expect(configuration.name == "from-environment")
    }

    @Test func `numbers that a provider keeps as numbers are read`() throws {
        let reader = ConfigReader(
            provider: InMemoryProvider(values: [
                "granary.queue-limit": 12, "granary.lease": 2, "granary.idle-age": 1.5,
                "granary.isolates-calls": true,
            ]))
        let configuration = try SiloConfiguration(config: reader)
        #expect(configuration.queueLimit == 12)
        #expect(configuration.lease == .seconds(2))
        #expect(configuration.idleAge == .milliseconds(1_500))
        #expect(configuration.isolatesCalls)
    }

    @Test(
        arguments: [
            ("CALL_TIMEOUT", "soon", "call-timeout"), ("IDLE_AGE", "0", "idle-age"), ("LEASE", "-1", "lease"),
            ("DRAIN_TIMEOUT", "nan", "drain-timeout"), ("QUEUE_LIMIT", "0", "queue-limit"),
            ("ACTIVATION_LIMIT", "1.5", "activation-limit"), ("ISOLATES_CALLS", "perhaps", "isolates-calls"),
        ])
    func `a value that makes no sense is named`(variable: String, value: String, key: String) {
        let error = #expect(throws: GrainError.self) { try read(environment: ["GRANARY_\(variable)": value]) }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("granary.\(key)") == true)
        #expect(error?.message.contains("'\(value)'") == true)
    }

    @Test func `an empty name is refused at the start`() async throws {
        let silo = Silo(configuration: SiloConfiguration(name: ""), logger: .quiet) { OtherProbe.self }
        #expect(await grainError { try await silo.start() }?.code == .configuration)
    }

    @Test func `a database of another cluster is refused`() async throws {
        let cluster = InMemoryCluster()
        let first = Silo(
            configuration: SiloConfiguration(cluster: "one"), backend: .memory(cluster), logger: .quiet
        ) { OtherProbe.self }
        try await first.start()
        try await first.shutDown()
        let second = Silo(
            configuration: SiloConfiguration(cluster: "two"), backend: .memory(cluster), logger: .quiet
        ) { OtherProbe.self }
        let error = await grainError { try await second.start() }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("'one'") == true)
    }
}
