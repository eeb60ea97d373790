/// How a process is reached by others, and how much the others may ask of it; every setting has a default.
public struct TransportConfiguration: Sendable, Hashable {
    /// Where to listen: `host:port` or `host:port/controlPort`; the port of the control connections is the next one
    /// unless it is named, and 0 takes free ports.
    ///
    /// `nil` for a client, which nobody dials. `127.0.0.1:0` by default.
    public var listen: String?

    /// Where others reach this process, if that is not where it listens: behind address translation, or when it listens
    /// at `0.0.0.0`.
    ///
    /// A port of 0 stands for the one that was bound. The host of ``listen`` by default.
    public var advertise: String?

    /// How connections are protected.
    ///
    /// Plain text within this machine by default.
    public var security: TransportSecurity

    /// The most bytes of one message, sent or received: a call with its arguments, or a result.
    ///
    /// 16 MiB by default.
    public var largestMessage: Int

    /// How many bytes may wait for one peer, unsent or not yet acknowledged, before calls to it fail with
    /// `.overloaded`.
    ///
    /// 32 MiB by default, and never less than the largest message.
    public var queuedBytes: Int

    /// How many connections others may have open to this process.
    ///
    /// 4,096 by default.
    public var connections: Int

    /// How many threads serve data connections; one more serves the control connections.
    ///
    /// 0, the default, takes one for every four cores.
    public var threads: Int

    /// How often each side of a connection shows that it is there.
    ///
    /// 1 s by default.
    public var pingInterval: Duration

    /// How many pings in a row may stay without any sign of the peer before a connection is given up.
    ///
    /// 10 by default.
    public var silentPings: Int

    /// How long a connection may take to be made and greeted.
    ///
    /// 5 s by default.
    public var greetingTimeout: Duration

    /// The longest wait between two attempts to connect.
    ///
    /// 2 s by default.
    public var longestBackoff: Duration

    /// How long a session that only its peer asked for waits for the peer's next connection.
    ///
    /// 30 s by default.
    public var sessionRetention: Duration

    /// Makes settings.
    ///
    /// - Parameters:
    ///   - listen: Where to listen; `nil` for a client.
    ///   - advertise: Where others reach this process.
    ///   - security: How connections are protected.
    public init(
        listen: String? = "127.0.0.1:0", advertise: String? = nil, security: TransportSecurity = .plaintextOnLoopback
    ) {
        self.listen = listen
        self.advertise = advertise
        self.security = security
        largestMessage = 16 << 20
        queuedBytes = 32 << 20
        connections = 4_096
        threads = 0
        pingInterval = .seconds(1)
        silentPings = 10
        greetingTimeout = .seconds(5)
        longestBackoff = .seconds(2)
        sessionRetention = .seconds(30)
    }

    var engineSettings: EngineSettings {
        var settings = EngineSettings()
        // Lengths travel in 32 bits.
        let largest = min(max(largestMessage, 1 << 10), 1 << 31)
        settings.limits = SessionLimits(largestMessage: largest, queuedBytes: max(queuedBytes, largest))
        settings.greeting = greetingTimeout
        settings.ping = max(pingInterval, .milliseconds(1))
        settings.silentPings = max(silentPings, 1)
        settings.retention = sessionRetention
        settings.connections = connections
        settings.backoff.longest = longestBackoff
        return settings
    }
}
