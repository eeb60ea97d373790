/// How activations of one grain type are kept.
///
/// ```swift
/// @Grain actor Session {
///     static let options = GrainOptions(idleAge: .seconds(60))
/// }
/// ```
public struct GrainOptions: Hashable, Sendable {
    /// How long an activation stays after its last call; `nil` for the silo's setting.
    public var idleAge: Duration?
    /// How many calls may wait at one activation; `nil` for the silo's setting.
    public var queueLimit: Int?
    /// How many activations each key may have in each silo, for a type that keeps nothing; `nil` for one in the cluster.
    public var statelessWorkers: StatelessWorkers?
    /// The version of the type, from 1: raise it when calls or states change in a way that matters to the other silos of a
    /// rolling upgrade.
    ///
    /// 1 by default.
    public var version: Int
    /// The oldest version that may serve grains of the type beside this one: from the moment on at which a silo with this
    /// version serves, silos with an older one hand their grains of the type over and get no new ones.
    ///
    /// 1 by default: each silo serves its share, whatever its version.
    public var oldestVersionBeside: Int

    /// Makes options.
    ///
    /// - Parameters:
    ///   - idleAge: How long an activation stays after its last call.
    ///   - queueLimit: How many calls may wait at one activation.
    ///   - statelessWorkers: How many activations each key may have in each silo, for a type that keeps nothing.
    ///   - version: The version of the type.
    ///   - oldestVersionBeside: The oldest version that may serve grains of the type beside this one.
    public init(
        idleAge: Duration? = nil, queueLimit: Int? = nil, statelessWorkers: StatelessWorkers? = nil, version: Int = 1,
        oldestVersionBeside: Int = 1
    ) {
        self.version = version
        self.oldestVersionBeside = oldestVersionBeside
        self.idleAge = idleAge
        self.queueLimit = queueLimit
        self.statelessWorkers = statelessWorkers
    }
}
