public import Configuration
internal import GranaryCore

extension ClientConfiguration {
    /// Reads the settings from environment variables, command-line options or wherever else the reader looks.
    ///
    /// Durations are seconds and may have a fraction. With a reader of environment variables the key
    /// `granary.call-timeout` is the variable `GRANARY_CALL_TIMEOUT`; on the command line it is `--granary-call-timeout`.
    ///
    /// Keys, all below `granary`:
    /// - `cluster`, `name`: texts
    /// - `call-timeout`, `connect-timeout`, `drain-timeout`: seconds, more than zero
    /// - `queue-limit`, `gateway-count`: whole numbers, at least one
    ///
    /// - Parameter config: The reader.
    /// - Throws: `GrainError` with code `.configuration` that names the key of a value that makes no sense.
    public init(config: ConfigReader) throws {
        self.init()
        let config = config.scoped(to: "granary")
        cluster = config.string(forKey: "cluster", default: cluster)
        name = config.string(forKey: "name", default: name)
        try SiloConfiguration.read(&callTimeout, "call-timeout", config)
        var patience = connectTimeout ?? .zero
        try SiloConfiguration.read(&patience, "connect-timeout", config)
        connectTimeout = patience
        try SiloConfiguration.read(&drainTimeout, "drain-timeout", config)
        try SiloConfiguration.read(&queueLimit, "queue-limit", config)
        try SiloConfiguration.read(&gatewayCount, "gateway-count", config)
    }

    /// Checks what a reader cannot know.
    func validate() throws {
        if name.isEmpty || cluster.isEmpty {
            throw GrainError(.configuration, "The client's name and its cluster's name must not be empty.")
        }
    }
}
