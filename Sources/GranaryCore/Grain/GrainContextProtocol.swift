/// What states know of their grain.
@usableFromInline
package protocol GrainContextProtocol: AnyObject, Sendable {
    /// The grain's identity.
    var id: GrainID { get }
}
