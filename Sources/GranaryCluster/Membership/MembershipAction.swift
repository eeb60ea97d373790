/// What the silo has to do for ``MembershipMachine``, in this order.
package enum MembershipAction: Sendable {
    /// Run a statement and hand its answer, or its failure, to ``MembershipMachine/answered(_:_:now:)`` with this tag.
    case store(StoreRequest, tag: UInt64)
    /// Send a message on the control connection; it may be lost.
    case send(ClusterMessage, to: Int32)
    /// Dial the member once and report to ``MembershipMachine/dialed(_:_:now:)``.
    case dial(Int32)
    /// Install the view: hand it to ``OwnershipMachine/install(_:)``.
    case install(ClusterView)
    /// The rows were read again: hand them to ``OwnershipMachine/read(_:)``.
    case read(ClusterView)
    /// The lease of this ended member is over: tell ``OwnershipMachine/bury(_:)``.
    case bury(Int32)
    /// The silo has a number now.
    case joined(Int32)
    /// The phase changed. When it is over: close all gates before the next action, and exit.
    ///
    /// At most one more follows: ``StoreRequest/proveEnd(_:)``, which tells the others that the gates are closed. Give it a
    /// moment before the exit, but not long: whoever does not learn of it waits for the lease.
    case entered(MembershipPhase)
}
