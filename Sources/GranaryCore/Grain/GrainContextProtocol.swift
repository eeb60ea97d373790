/// What states know of their grain.
@usableFromInline
package protocol GrainContextProtocol: AnyObject, Sendable {
    /// The grain's identity.
    var id: GrainID { get }
    /// The names of the grain's states, in the order in which they are bound.
    var stateNames: [String] { get }
    /// What the states of the silo's grains share.
    var services: StateServices { get }
}
