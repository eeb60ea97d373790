import Configuration
import Granary
import GranaryPostgres
import GranaryTestGrains
import Logging
import ServiceLifecycle
import UnixSignals

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One silo of a test's cluster, as a process: all its settings come from its command line.
@main
enum Main {
    static func main() async {
        do {
            try await run()
        } catch {
            Output.say("failed: \(error)")
            exit(1)
        }
    }

    private static func run() async throws {
        let config = ConfigReader(provider: CommandLineArgumentsProvider())
        var logger = Logger(label: "silo")
        logger.logLevel = .info
        let silo = Silo(
            configuration: try SiloConfiguration(config: config),
            backend: PostgresBackend(try PostgresConfiguration(config: config)),
            endpoint: try .tcp(config: config), logger: logger
        ) {
            Tally.self
            Journal.self
            SlowLeaver.self
            Parrot.self
        }
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: silo, successTerminationBehavior: .gracefullyShutdownGroup),
            .init(service: Announcement(silo: silo)),
            .init(service: ActivationReport(silo: silo)),
            .init(service: ParentWatch()),
        ]
        // Told to stop first, and waited for: its last calls end before the silo leaves.
        if let plan = LoadPlan(config: config) { services.append(.init(service: SiloLoad(plan, silo: silo))) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services, gracefulShutdownSignals: [.sigterm], logger: logger))
        try await group.run()
        Output.say("ended: \(silo.drainReport.map { "\($0)" } ?? "without a report")")
    }
}
