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
            print("failed: \(error)")
            fflush(nil)
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
        }
        let group = ServiceGroup(
            services: [silo, Announcement(silo: silo)], gracefulShutdownSignals: [.sigterm], logger: logger)
        try await group.run()
        print("ended: \(silo.drainReport.map { "\($0)" } ?? "without a report")")
        fflush(nil)
    }
}

/// Says when the silo serves.
private struct Announcement: Service {
    let silo: Silo

    func run() async throws {
        while !silo.isReady { try await Task.sleep(for: .milliseconds(5)) }
        print("serves")
        fflush(nil)
        try await gracefulShutdown()
    }
}
