/// The settings of a silo; every one has a default.
public struct SiloConfiguration: Sendable, Hashable {
    /// The cluster's name: a database serves one cluster, and silos of another one are refused.
    ///
    /// `granary` by default.
    public var cluster: String

    /// This silo's name, which survives restarts: a restarted silo takes the place of its former self at once.
    ///
    /// `silo` by default; silos of one cluster need different names.
    public var name: String

    /// How long a call may take, and how long a turn may wait for a save.
    ///
    /// 30 s by default.
    public var callTimeout: Duration

    /// How many calls may wait at one activation before further ones fail with `.overloaded`.
    ///
    /// 10,000 by default.
    public var queueLimit: Int

    /// How many calls of clients may be unanswered in this silo before further ones fail with `.overloaded`.
    ///
    /// 20,000 by default. Calls of other silos, which clients' calls may wait for, do not count.
    public var clientCallLimit: Int

    /// How long an activation stays in memory after its last call.
    ///
    /// 15 minutes by default; a grain type can say otherwise with ``GrainOptions``.
    public var idleAge: Duration

    /// How often idle activations are looked for.
    ///
    /// 10 s by default, and never less often than the shortest idle age.
    public var collectionInterval: Duration

    /// How many activations may be in memory; the least recently used ones leave first.
    ///
    /// No limit by default.
    public var activationLimit: Int

    /// Beyond which share of memory idle activations are ended, those first whose idle age is over first; in percent, 1
    /// to 100.
    ///
    /// `nil`, which is never, by default. Measured is the resident memory of the whole process against that of the machine
    /// or of its control group, on Linux only.
    public var memoryLimit: Int?

    /// To which share of memory activations are ended once ``memoryLimit`` is passed; in percent, 1 to 100.
    ///
    /// 75 by default.
    public var memoryTarget: Int

    /// How often memory is measured.
    ///
    /// 5 s by default.
    public var memoryInterval: Duration

    /// How long a silo may take to drain when it is told to stop.
    ///
    /// 30 s by default.
    public var drainTimeout: Duration

    /// How long `deactivate(_:)` of a grain may take before the activation goes without it.
    ///
    /// 30 s by default.
    public var deactivationTimeout: Duration

    /// How long a turn may run before the watchdog names it in the log.
    ///
    /// 10 s by default.
    public var turnWarning: Duration

    /// Whether local calls are encoded, sent by name and decoded as remote ones are: a test mode that shows what would
    /// not travel, and task-locals that leak into grains.
    ///
    /// `false` by default.
    public var isolatesCalls: Bool

    /// The length of the silo's lease in the database.
    ///
    /// 3 s by default.
    public var lease: Duration

    /// What the cluster prefers while the end of a silo is not proven.
    ///
    /// ``FailoverMode/fast`` by default; a silo that asks for another mode than its cluster has is refused.
    public var failover: FailoverMode

    /// Makes settings.
    ///
    /// - Parameters:
    ///   - cluster: The cluster's name.
    ///   - name: The silo's name.
    public init(cluster: String = "granary", name: String = "silo") {
        self.cluster = cluster
        self.name = name
        callTimeout = .seconds(30)
        queueLimit = 10_000
        clientCallLimit = 20_000
        idleAge = .seconds(15 * 60)
        collectionInterval = .seconds(10)
        activationLimit = .max
        memoryTarget = 75
        memoryInterval = .seconds(5)
        drainTimeout = .seconds(30)
        deactivationTimeout = .seconds(30)
        turnWarning = .seconds(10)
        isolatesCalls = false
        lease = .seconds(3)
        failover = .fast
    }
}
