/// What the silo has to do for ``OwnershipMachine``, in this order.
package enum OwnershipAction: Sendable {
    /// Put the snapshot into every shard of the catalog under its lock; then find all held grains that it does not own.
    ///
    /// Once a shard has the snapshot it activates nothing that the snapshot does not own. The search may follow in pieces:
    /// hand what it finds to ``OwnershipMachine/foreign(_:in:)`` in batches, then call ``OwnershipMachine/surveyed(_:)``.
    /// Grains that are loading or closing are held.
    case survey(OwnershipSnapshot)
    /// Send a message in order on the session with a member.
    case send(ClusterMessage, to: Int32)
    /// Get a view at least this new, from the database or from the member that spoke of it.
    case learnView(atLeast: Int64, from: Int32)
    /// The calls parked for the grain may go on: create the activation, if its shard still has this view.
    case activate(ClusterGrain, view: Int64, handover: GrainHandover?)
    /// Answer the calls parked for the grain: moved, to be looked up in this view.
    case bounce(ClusterGrain, view: Int64)
    /// Close the grain's gate, end its turns, save it; then call ``OwnershipMachine/letGo(_:handover:)``.
    case letGo(ClusterGrain)
    /// The silo owns the grain again: open its gate if that is still possible, otherwise go on letting go.
    case reopen(ClusterGrain)
    /// Ask for the grain at once: its states came unsaved.
    case adopt(ClusterGrain)
    /// The next owner answered for states that were handed over unsaved; false: they are lost.
    case settled(ClusterGrain, used: Bool)
}
