/// How a silo uses its PostgreSQL database.
public struct PostgresConfiguration: Sendable {
    /// A libpq connection string: a URI or keywords and values, with several hosts, `target_session_attrs`, TLS and all
    /// else that libpq knows.
    ///
    /// It can hold a password, and is never logged as it is.
    public var connectionString: String

    /// The connection string of the one connection that `LISTEN`s for changes of the cluster, which must lead to the server
    /// itself and not to a pooler.
    ///
    /// Default: `nil`, for ``connectionString``. Behind a pooler such as PgBouncer nothing is listened to unless this is
    /// set; then changes of the cluster come with the renewals of the lease and from other silos.
    ///
    /// It can hold a password, and is never logged as it is.
    public var listenConnectionString: String?

    /// The most connections that are open at once, 1 to 16; one more is open for ``listenConnectionString``.
    ///
    /// Default: 8.
    ///
    /// They are opened when there is work for them; saves and loads travel in batches and rarely need more than a few.
    public var maxConnections = 8

    /// How long each host may take to accept a connection, in whole seconds, at least 2.
    ///
    /// Default: 5 seconds.
    public var connectTimeout = Duration.seconds(5)

    /// How long a statement may wait for a connection before it fails as unavailable.
    ///
    /// Default: 5 seconds.
    public var acquireTimeout = Duration.seconds(5)

    /// How long the answer to a statement may take before the statement is cancelled and its connection dropped.
    ///
    /// Default: 10 seconds.
    ///
    /// The server does not know of it. A server that is alone with a broken network is better off with limits of its own:
    /// `alter role … set statement_timeout = '30s'`.
    public var statementTimeout = Duration.seconds(10)

    /// How long a connection may be idle before it is closed; one is kept.
    ///
    /// Default: 60 seconds.
    public var idleTimeout = Duration.seconds(60)

    /// The longest pause between attempts to connect to a server that is away.
    ///
    /// A silo that comes back more than three quarters of a lease later than the others hands its grains over to them: they
    /// have a database then, and it has none. Default: 1 second.
    public var longestReconnectPause = Duration.seconds(1)

    /// How long closing may wait for saves whose outcome is not known yet.
    ///
    /// Default: 5 seconds.
    public var closeTimeout = Duration.seconds(5)

    /// How many batches of saves are under way at once, at most.
    ///
    /// A second one leaves only when the first takes long or enough saves wait to fill one. Default: 2.
    public var saveLanes = 2

    /// How many batches of loads are under way at once, at most.
    ///
    /// The second one leaves as with ``saveLanes``. Default: 2.
    public var loadLanes = 2

    /// The most rows of one batch.
    ///
    /// Default: 1,000.
    public var batchRows = 1_000

    /// The most bytes of states of one batch, unless a single save has more.
    ///
    /// Default: 8 MiB.
    public var batchBytes = 8 << 20

    /// How many connections a pool may have.
    static let connections = 1...16

    /// Makes a configuration.
    ///
    /// - Parameter connectionString: A libpq connection string.
    public init(_ connectionString: String) { self.connectionString = connectionString }
}

extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The settings of the connection string, with `***` for passwords.
    public var description: String {
        (try? ConnectionString(connectionString))?.description ?? "an unreadable connection string"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// A mirror that shows no password.
    public var customMirror: Mirror { Mirror(self, children: ["connection": description]) }
}
