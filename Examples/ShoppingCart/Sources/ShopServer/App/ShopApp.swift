internal import FoundationEssentials
internal import Granary
internal import GranaryPostgres
internal import Hummingbird
internal import Logging
internal import ServiceLifecycle
internal import ShopGrains
internal import UnixSignals

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The program: reads its settings, puts a silo and an HTTP server together, and runs them until it is told to stop.
public enum ShopApp {
    /// Runs the program.
    ///
    /// - Parameter arguments: The command line, with the program's name.
    /// - Returns: The exit status: 0 after a clean end, 64 for a command line that makes no sense, 1 for everything else.
    @concurrent
    public static func main(_ arguments: [String]) async -> Int32 {
        if arguments.contains("--help") {
            say(ShopSettings.usage)
            return 0
        }
        do {
            let settings = try ShopSettings(
                arguments: arguments, environment: ProcessInfo.processInfo.environment)
            try await run(settings)
            return 0
        } catch let mistake as ShopSettings.Mistake {
            complain("shop: \(mistake)\n\n\(ShopSettings.usage)")
            return 64
        } catch {
            complain("shop: \(error)\n")
            return 1
        }
    }

    private static func run(_ settings: ShopSettings) async throws {
        var logger = Logger(label: "shop")
        logger.logLevel = settings.logLevel
        let feed = StockFeed()
        let grains = Shop.grains()
        let configuration = try SiloConfiguration(config: settings.all)
        let silo: Silo
        switch settings.store {
        case .memory:
            silo = Silo(configuration: configuration, backend: .memory, logger: logger) { grains }
        case .postgres(let url):
            if settings.migrates { try await migrate(url, logger) }
            silo = Silo(
                configuration: configuration, backend: .postgres(url), endpoint: try .tcp(config: settings.all),
                logger: logger
            ) { grains }
        }
        let shop = Shop(silo)
        let watch = StockWatch(shop, feed: feed)
        let http = server(for: shop, on: silo, feed: feed, watch: watch, settings: settings, logger: logger)
        // The last to start is the first to stop: requests end before grains do.
        var group = ServiceGroupConfiguration(
            services: [
                // An operator may ask the silo alone to leave: granary silo drain.
                .init(service: silo, successTerminationBehavior: .gracefullyShutdownGroup),
                .init(service: feed), .init(service: watch), .init(service: http),
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = configuration.drainTimeout + .seconds(15)
        try await ServiceGroup(configuration: group).run()
        say("The shop is closed.\n")
    }

    private static func server(
        for shop: Shop, on silo: Silo, feed: StockFeed, watch: StockWatch, settings: ShopSettings, logger: Logger
    ) -> Application<RouterResponder<ShopContext>> {
        let router = Router(context: ShopContext.self)
        router.add(middleware: Problems())
        ShopRoutes(shop: shop).add(to: router)
        StockRoutes(shop: shop, feed: feed).add(to: router)
        HealthRoutes(silo: silo).add(to: router)
        PageRoutes().add(to: router)
        let isMemory = settings.store == .memory
        var http = Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "shop"),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                if isMemory { say("The shop keeps everything in memory and forgets it when it stops.\n") }
                say("The shop is open: http://\(settings.host):\(port)/\n")
            },
            logger: logger)
        http.beforeServerStarts {
            let count: Int
            do {
                count = try await shop.open(.demo)
                try await watch.begin()
            } catch let error as GrainError where error.code == .siloUnavailable {
                // The silo itself says why it does not serve; its error is the one to show.
                try await gracefulShutdown()
                throw error
            }
            if count > 0 { say("Unfinished orders taken up: \(count).\n") }
        }
        return http
    }

    private static func migrate(_ url: String, _ logger: Logger) async throws {
        for migration in try await Migrator(url).apply() {
            logger.notice("the schema was brought up to date", metadata: ["migration": "\(migration)"])
        }
    }

    /// Prints at once, also into a pipe.
    private static func say(_ text: String) {
        print(text, terminator: "")
        fflush(nil)
    }

    private static func complain(_ text: String) {
        _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    }
}
