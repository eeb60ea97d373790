public import Configuration
internal import GranaryCore

extension SiloConfiguration {
    /// Reads the settings from environment variables, command-line options or wherever else the reader looks.
    ///
    /// Durations are seconds and may have a fraction. With a reader of environment variables the key
    /// `granary.call-timeout` is the variable `GRANARY_CALL_TIMEOUT`; on the command line it is `--granary-call-timeout`.
    ///
    /// Keys, all below `granary`:
    /// - `cluster`, `name`: texts
    /// - `call-timeout`, `idle-age`, `collection-interval`, `drain-timeout`, `deactivation-timeout`, `turn-warning`,
    ///   `memory-interval`, `lease`: seconds, more than zero
    /// - `queue-limit`, `client-call-limit`, `activation-limit`: whole numbers, at least one
    /// - `memory-limit`, `memory-target`: whole numbers, 1 to 100
    /// - `isolates-calls`: `true` or `false`
    /// - `failover`: `fast` or `strict`
    ///
    /// - Parameter config: The reader.
    /// - Throws: `GrainError` with code `.configuration` that names the key of a value that makes no sense.
    public init(config: ConfigReader) throws {
        self.init()
        let config = config.scoped(to: "granary")
        cluster = config.string(forKey: "cluster", default: cluster)
        name = config.string(forKey: "name", default: name)
        try Self.read(&callTimeout, "call-timeout", config)
        try Self.read(&idleAge, "idle-age", config)
        try Self.read(&collectionInterval, "collection-interval", config)
        try Self.read(&drainTimeout, "drain-timeout", config)
        try Self.read(&deactivationTimeout, "deactivation-timeout", config)
        try Self.read(&turnWarning, "turn-warning", config)
        try Self.read(&lease, "lease", config)
        try Self.read(&queueLimit, "queue-limit", config)
        try Self.read(&clientCallLimit, "client-call-limit", config)
        try Self.read(&activationLimit, "activation-limit", config)
        var limit = 0
        try Self.read(&limit, "memory-limit", config)
        if limit > 0 { memoryLimit = limit }
        try Self.read(&memoryTarget, "memory-target", config)
        try Self.read(&memoryInterval, "memory-interval", config)
        try Self.read(&isolatesCalls, "isolates-calls", config)
        if let text = config.string(forKey: "failover") {
            guard let mode = FailoverMode(named: text) else {
                throw GrainError(.configuration, "granary.failover is '\(text)'; it must be fast or strict.")
            }
            failover = mode
        }
    }

    /// A value as text, whether the provider keeps it as text, as a number or as a truth value.
    private static func text(_ key: String, _ config: ConfigReader) -> String? {
        let key = ConfigKey(key)
        return config.string(forKey: key) ?? config.int(forKey: key).map { "\($0)" }
            ?? config.double(forKey: key).map { "\($0)" } ?? config.bool(forKey: key).map { "\($0)" }
    }

    static func read(_ value: inout Bool, _ key: String, _ config: ConfigReader) throws {
        guard let text = text(key, config) else { return }
        switch text.lowercased() {
        case "true", "yes", "1": value = true
        case "false", "no", "0": value = false
        default:
            throw GrainError(.configuration, "granary.\(key) is '\(text)'; it must be true or false.")
        }
    }

    static func read(_ value: inout Duration, _ key: String, _ config: ConfigReader) throws {
        guard let text = text(key, config) else { return }
        guard let seconds = Double(text), seconds > 0, seconds < 1e9 else {
            throw GrainError(
                .configuration, "granary.\(key) is '\(text)'; it must be a number of seconds greater than zero.")
        }
        value = .milliseconds(max(Int64(seconds * 1_000), 1))
    }

    static func read(_ value: inout Int, _ key: String, _ config: ConfigReader) throws {
        guard let text = text(key, config) else { return }
        guard let number = Int(text), number >= 1 else {
            throw GrainError(
                .configuration, "granary.\(key) is '\(text)'; it must be a whole number of at least 1.")
        }
        value = number
    }

    /// Checks what a reader cannot know.
    package func validate() throws {
        if name.isEmpty || cluster.isEmpty {
            throw GrainError(.configuration, "The silo's name and its cluster's name must not be empty.")
        }
        if let memoryLimit {
            guard (1...100).contains(memoryLimit), (1...memoryLimit).contains(memoryTarget) else {
                throw GrainError(
                    .configuration,
                    "granary.memory-limit is \(memoryLimit) and granary.memory-target \(memoryTarget); both must be 1 to "
                        + "100 percent, and the target no more than the limit.")
            }
        }
    }
}
