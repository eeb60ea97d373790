/// One statement for the database; each is committed by itself (protocol D1).
package enum StoreRequest: Sendable, Hashable {
    /// Reads the newest view with all rows and leases, and the token that `granary.view_log` has for the view that the
    /// member knows, in one statement.
    case readView(known: Int64)
    /// `granary.join`
    case join(view: Int64, supersedes: Int32?)
    /// `granary.advance`
    case advance(Int32, to: ClusterMemberStatus, view: Int64)
    /// `granary.renew`; the runtime fills in the released view at the moment of sending.
    case renew(Int32)
    /// `granary.declare_dead`
    case declareDead([Int32], view: Int64, reason: String)
    /// `granary.prove_end`: this member was declared dead and serves no more.
    case proveEnd(Int32)
    /// `granary.break_fence`, from a connection of its own.
    case breakFence(Int32)
}
