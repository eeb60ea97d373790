/// The numbers that connections and sessions live by.
struct EngineSettings: Sendable {
    /// What one session may hold.
    var limits = SessionLimits(largestMessage: 16 << 20, queuedBytes: 32 << 20)
    /// How long a connection may take until both sides greeted each other.
    var greeting: Duration = .seconds(5)
    /// How often each side sends a ping.
    var ping: Duration = .seconds(1)
    /// How many pings in a row may stay without any sign of the peer before the connection is closed.
    var silentPings = 10
    /// How long what was delivered may stay unacknowledged.
    var acknowledgement: Duration = .milliseconds(25)
    /// How long a session that only the peer asked for waits for its next connection.
    var retention: Duration = .seconds(30)
    /// How many connections others may have open here.
    var connections = 4_096
    /// The waits between attempts to connect.
    var backoff = Backoff()
}
