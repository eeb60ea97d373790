/// What becomes of a call to a grain that the silo does not hold.
package enum OwnershipVerdict: Sendable, Hashable {
    /// Create the activation, if its shard still has this view; otherwise ask again.
    case activate(view: Int64, handover: GrainHandover?)
    /// Keep the call; an action will say when it may go on.
    case park
    /// Answer that it moved: to this owner in this view, if there is one.
    case moved(owner: Int32?, view: Int64)
}
