/// What a grain's states know of it, whatever its type.
///
/// A class, and no protocol: a reference to it is one word, which every activation with a state has.
///
/// Sendable though the compiler cannot see it of a class with heirs: it has no properties, and those of its one heir,
/// ``GrainContext``, are constants and an atomic.
public class AnyGrainContext: @unchecked Sendable {
    package init() {}

    /// The grain's identity as text: type name and key.
    public var id: GrainID { preconditionFailure("every context knows its grain") }

    /// The names of the grain's states, in the order in which they are bound.
    package var stateNames: [String] { preconditionFailure("every context knows its grain") }

    /// What the states of the silo's grains share.
    package var services: StateServices { preconditionFailure("every context knows its grain") }
}
