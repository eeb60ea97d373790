import Configuration
import Logging

/// What the shop is told on its command line and by its environment; the command line wins.
struct ShopSettings: Sendable {
    /// How the program is called.
    static let usage = """
        usage: shop --postgres URL [--migrate] [--port PORT] [--host HOST] [--log-level LEVEL]
               shop --memory [--port PORT] [--host HOST] [--log-level LEVEL]

          --postgres URL    keeps carts, orders and stock in this PostgreSQL database, as a libpq connection string
                            (or GRANARY_POSTGRES_URL)
          --memory          keeps them in memory: the shop forgets everything when it stops
          --migrate         brings the database's schema up to date first
          --port PORT       listens there; 0 finds a free port; 8080 unless said otherwise (or SHOP_PORT)
          --host HOST       listens on this address; 127.0.0.1 unless said otherwise (or SHOP_HOST)
          --log-level LEVEL trace, debug, info, notice, warning or error; notice unless said otherwise (or SHOP_LOG_LEVEL)

        Settings of the silo have the prefix --granary- or GRANARY_, such as --granary-drain-timeout SECONDS. With
        --granary-listen HOST:PORT and a --granary-name of its own a shop is one of many on the same database.

        """

    /// Where the shop keeps its state.
    enum Store: Hashable, Sendable {
        case memory
        case postgres(String)
    }

    /// Something on the command line or in the environment that makes no sense.
    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    var store: Store
    var migrates: Bool
    var host: String
    var port: Int
    var logLevel: Logger.Level
    /// Everything, for the silo to read its own settings from.
    var all: ConfigReader

    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - arguments: The command line, with the program's name.
    ///   - environment: The environment.
    /// - Throws: ``Mistake``.
    init(arguments: [String], environment: [String: String]) throws {
        try Self.check(arguments)
        let options = CommandLineArgumentsProvider(
            arguments: arguments, secretsSpecifier: .specific(["--postgres", "--granary-postgres-url"]))
        let variables = EnvironmentVariablesProvider(
            environmentVariables: environment,
            secretsSpecifier: .specific(["GRANARY_POSTGRES_URL", "SHOP_POSTGRES"]))
        all = ConfigReader(providers: [options, variables])
        let own = ConfigReader(providers: [options, variables.prefixKeys(with: "shop")])

        let given = Self.connectionString("postgres", in: own)
        let url = given ?? Self.connectionString("granary.postgres.url", in: all)
        if own.bool(forKey: "memory", default: false) {
            guard given == nil else {
                throw Mistake(description: "--memory and --postgres exclude each other.")
            }
            store = .memory
        } else if let url, !url.isEmpty {
            store = .postgres(url)
        } else {
            throw Mistake(description: "Say where the shop keeps its state: --postgres URL, or --memory.")
        }
        migrates = own.bool(forKey: "migrate", default: false)
        host = own.string(forKey: "host", default: "127.0.0.1")
        port = 8_080
        if let text = own.string(forKey: "port") {
            guard let number = Int(text), (0...65_535).contains(number) else {
                throw Mistake(description: "'\(text)' is no port; it must be a number from 0 to 65535.")
            }
            port = number
        }
        logLevel = .notice
        if let text = own.string(forKey: "log-level") {
            guard let level = Logger.Level(rawValue: text) else {
                throw Mistake(description: "'\(text)' is no log level.")
            }
            logLevel = level
        }
    }

    /// Reads a connection string, which may have commas between its hosts: to the reader of the command line such a value
    /// is a list, and no string.
    private static func connectionString(_ key: ConfigKey, in config: ConfigReader) -> String? {
        config.string(forKey: key, isSecret: true)
            ?? config.stringArray(forKey: key, isSecret: true)?.joined(separator: ",")
    }

    /// Refuses what nobody would read.
    private static func check(_ arguments: [String]) throws {
        let known = ["--postgres", "--memory", "--migrate", "--port", "--host", "--log-level"]
        let flags = ["--memory", "--migrate"]
        var takesValue = false
        for argument in arguments.dropFirst() {
            guard argument.hasPrefix("--") else {
                guard takesValue else { throw Mistake(description: "'\(argument)' belongs to no option.") }
                takesValue = false
                continue
            }
            let name = String(argument.prefix { $0 != "=" })
            guard known.contains(name) || name.hasPrefix("--granary-") else {
                throw Mistake(description: "There is no option '\(name)'.")
            }
            takesValue = name == argument && !flags.contains(name)
        }
    }
}
