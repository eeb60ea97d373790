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

    /// Makes options.
    ///
    /// - Parameters:
    ///   - idleAge: How long an activation stays after its last call.
    ///   - queueLimit: How many calls may wait at one activation.
    ///   - statelessWorkers: How many activations each key may have in each silo, for a type that keeps nothing.
    public init(
        idleAge: Duration? = nil, queueLimit: Int? = nil, statelessWorkers: StatelessWorkers? = nil
    ) {
        self.idleAge = idleAge
        self.queueLimit = queueLimit
        self.statelessWorkers = statelessWorkers
    }
}
