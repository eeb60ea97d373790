public import Configuration
import GranaryCore

extension PostgresConfiguration {
    /// Reads the settings from environment variables, command-line options or wherever else the reader looks.
    ///
    /// Durations are seconds and may have a fraction. With a reader of environment variables the key
    /// `granary.postgres.url` is the variable `GRANARY_POSTGRES_URL`.
    ///
    /// Keys, all below `granary.postgres`:
    /// - `url`: the connection string, a secret. Default: empty, so that libpq's environment variables (`PGHOST`, …) count
    /// - `listen-url`: the connection string for `LISTEN`, a secret. Default: `url`
    /// - `max-connections`: a whole number from 1 to 16
    /// - `connect-timeout`, `acquire-timeout`, `statement-timeout`, `idle-timeout`, `close-timeout`: seconds, more than zero
    ///
    /// - Parameter config: The reader.
    /// - Throws: `StorageError` with code `.configuration` that names the key of a value that makes no sense.
    public init(config: ConfigReader) throws {
        let config = config.scoped(to: "granary.postgres")
        // Commas stand between the hosts of a connection string. A reader of the command line takes a value with commas
        // for a list, which is no string; one of the environment would trim the parts of a list, also within a password.
        func url(forKey key: ConfigKey) -> String? {
            config.string(forKey: key, isSecret: true)
                ?? config.stringArray(forKey: key, isSecret: true)?.joined(separator: ",")
        }
        self.init(url(forKey: "url") ?? "")
        listenConnectionString = url(forKey: "listen-url")
        if let text = config.string(forKey: "max-connections") {
            guard let number = Int(text), Self.connections.contains(number) else {
                throw StorageError(
                    .configuration,
                    "granary.postgres.max-connections is '\(text)'; it must be a whole number from 1 to 16.")
            }
            maxConnections = number
        }
        try Self.read(&connectTimeout, "connect-timeout", config)
        try Self.read(&acquireTimeout, "acquire-timeout", config)
        try Self.read(&statementTimeout, "statement-timeout", config)
        try Self.read(&idleTimeout, "idle-timeout", config)
        try Self.read(&closeTimeout, "close-timeout", config)
    }

    private static func read(_ value: inout Duration, _ key: String, _ config: ConfigReader) throws {
        guard let text = config.string(forKey: ConfigKey(key)) else { return }
        guard let seconds = Double(text), seconds > 0, seconds < 1e9 else {
            throw StorageError(
                .configuration,
                "granary.postgres.\(key) is '\(text)'; it must be a number of seconds greater than zero.")
        }
        value = .milliseconds(max(Int64(seconds * 1_000), 1))
    }
}
