import ArgumentParser
import Granary
import GranaryPostgres
import ServiceLifecycle
import UnixSignals

/// One silo in a process of its own, which SIGTERM drains.
///
/// It prints when it serves, and how many activations it has.
struct SiloPeerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silo-peer", abstract: "A process of 'start' and 'disturbance'.", shouldDisplay: false)

    /// What the process has.
    enum Kind: String, ExpressibleByArgument {
        /// Nothing: it is there to compare with.
        case empty
        /// A silo that keeps states in memory.
        case memory
        /// A silo on PostgreSQL that is alone.
        case postgres
        /// A silo on PostgreSQL that is one of many.
        case cluster
    }

    @Option var name: String
    @Option var kind = Kind.cluster
    @Option var postgres = ""
    @Flag(help: "Prints how many activations it has, whenever that has changed.") var counts = false

    @concurrent
    mutating func run() async throws {
        guard kind != .empty else {
            PeerReport.say("ready")
            // Until SIGTERM: what a process that ends at once has printed may not be read any more.
            return try await Task.sleep(for: .seconds(60))
        }
        let silo = Silo(
            configuration: SiloConfiguration(name: name), backend: kind == .memory ? .memory : .postgres(postgres),
            endpoint: kind == .cluster ? .tcp() : nil, logger: .silent
        ) {
            CounterGrain.self
            StatefulGrain.self
            AccountGrain.self
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: PeerReport(silo: silo, counts: counts)),
                    .init(service: silo, successTerminationBehavior: .gracefullyShutdownGroup),
                ], gracefulShutdownSignals: [.sigterm], logger: .silent))
        try await group.run()
    }
}
