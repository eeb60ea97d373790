/// The settings of a client; every one has a default.
public struct ClientConfiguration: Sendable, Hashable {
    /// The name of the cluster that it calls; silos of another one refuse it.
    ///
    /// `granary` by default.
    public var cluster: String

    /// How the client is called in logs and errors.
    ///
    /// `client` by default.
    public var name: String

    /// How long a call may take.
    ///
    /// 30 s by default.
    public var callTimeout: Duration

    /// How many one-way calls may wait for one grain before further ones are dropped.
    ///
    /// 10,000 by default.
    public var queueLimit: Int

    /// How long ``ClusterClient/connect()`` tries to reach a silo before it gives up; `nil` for as long as it takes.
    ///
    /// 30 s by default.
    public var connectTimeout: Duration?

    /// From how many silos at once the client hears how the cluster changes; at least one.
    ///
    /// 2 by default. Calls go to each grain's own silo, however many those are.
    public var gatewayCount: Int

    /// How long a client that is told to stop waits for the answers to its calls.
    ///
    /// 10 s by default.
    public var drainTimeout: Duration

    /// Makes settings.
    ///
    /// - Parameters:
    ///   - cluster: The cluster's name.
    ///   - name: The client's name.
    public init(cluster: String = "granary", name: String = "client") {
        self.cluster = cluster
        self.name = name
        callTimeout = .seconds(30)
        queueLimit = 10_000
        connectTimeout = .seconds(30)
        gatewayCount = 2
        drainTimeout = .seconds(10)
    }

    /// What the inside of a client, which is that of a silo without grains, needs of it.
    var inside: SiloConfiguration {
        var configuration = SiloConfiguration(cluster: cluster, name: name)
        configuration.callTimeout = callTimeout
        configuration.queueLimit = queueLimit
        return configuration
    }
}
