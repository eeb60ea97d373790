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

    /// Makes options.
    ///
    /// - Parameters:
    ///   - idleAge: How long an activation stays after its last call.
    ///   - queueLimit: How many calls may wait at one activation.
    public init(idleAge: Duration? = nil, queueLimit: Int? = nil) {
        self.idleAge = idleAge
        self.queueLimit = queueLimit
    }
}
