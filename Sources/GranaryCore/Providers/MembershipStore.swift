/// The cluster's list of silos, ordered by numbered views.
///
/// Every change is a compare-and-set on the view it was computed on: a caller that gets `nil` reads the view again and
/// decides anew. Durations are never compared here; leases are counted on each silo's own clock.
public protocol MembershipStore: Sendable {
    /// Reads the newest view, and what the log of views says of an older one, in one statement.
    ///
    /// - Parameter known: The number of a view that the silo knows; 0 for none.
    /// - Returns: The view with all its members, and the token that the log has for the known view; no token where the log
    ///   does not have it. Another token than the silo knows shows that the store lost history.
    /// - Throws: ``StorageError``.
    func read(known: Int64) async throws -> (view: MembershipView, tokenOfKnown: String?)

    /// Writes the cluster's settings if nobody has, and reads what is there.
    ///
    /// - Parameter settings: The settings of this silo, as JSON.
    /// - Returns: The settings that the cluster has, as JSON.
    /// - Throws: ``StorageError``.
    func settle(_ settings: [UInt8]) async throws -> [UInt8]

    /// Adds a member as joining.
    ///
    /// - Parameters:
    ///   - candidate: The new member.
    ///   - view: The view that the decision was made on.
    ///   - superseded: The live member of the same name, which is declared dead in the same statement.
    /// - Returns: The member's number and the view it joined in, or `nil` when the view has moved on. Joining again with
    ///   the same incarnation answers the first join.
    /// - Throws: ``StorageError``.
    func join(
        _ candidate: MemberCandidate, view: Int64, superseding superseded: Int32?
    ) async throws -> (silo: Int32, view: Int64)?

    /// Moves a member forward: joining to active, active to leaving, joining or leaving to left.
    ///
    /// - Parameters:
    ///   - silo: The member's number.
    ///   - status: The new status.
    ///   - view: The view that the decision was made on.
    /// - Returns: The new view, or `nil` when the view has moved on.
    /// - Throws: ``StorageError``.
    func advance(_ silo: Int32, to status: MemberStatus, view: Int64) async throws -> Int64?

    /// Renews a member's lease.
    ///
    /// - Parameters:
    ///   - silo: The member's number.
    ///   - released: The highest view up to which the member holds nothing that it does not own.
    /// - Returns: The newest view's number, its token and the member's status; no status for an unknown member.
    /// - Throws: ``StorageError``.
    func renew(_ silo: Int32, released: Int64) async throws -> LeaseRenewal

    /// Declares members dead; once it returns a view, none of their writes commits.
    ///
    /// - Parameters:
    ///   - silos: The members' numbers.
    ///   - view: The view that the decision was made on.
    ///   - reason: Why, in a word or two.
    ///   - proven: Whether the end of the processes is proven.
    /// - Returns: The new view, or `nil` when the view has moved on.
    /// - Throws: ``StorageError``.
    func declareDead(_ silos: [Int32], view: Int64, reason: String, proven: Bool) async throws -> Int64?

    /// Records that a dead member serves no more, so that nobody has to wait for its lease.
    ///
    /// Only the member itself asks for it, once it has read of its death and lets nothing begin and nothing out any more.
    /// It is asked on no view, since a death is for ever.
    ///
    /// - Parameter silo: The member's number.
    /// - Returns: The new view, or `nil` when there is nothing to record: the member is not dead or not known, or it is
    ///   recorded already.
    /// - Throws: ``StorageError``.
    func proveEnd(_ silo: Int32) async throws -> Int64?

    /// Forgets members that ended long ago, once no live member needs to know where grains were in their time.
    ///
    /// - Returns: How many members were forgotten.
    /// - Throws: ``StorageError``.
    func sweep() async throws -> Int

    /// Tells of new views as soon as they are there, whoever wrote them.
    ///
    /// What is told is a hint: it may come twice, late or not at all, and a silo that hears nothing learns of new views
    /// with its renewals and from other silos.
    ///
    /// - Parameter changed: Called with the number of the newest view: once when the watch has begun, again when it was
    ///   interrupted, and at each change. It is called on any thread and must not block.
    /// - Returns: The watch, which lasts for as long as it is held; `nil` for a store that tells nothing, as a store does
    ///   that does not implement this.
    func watch(_ changed: @escaping @Sendable (Int64) -> Void) -> MembershipWatch?
}

extension MembershipStore {
    /// Tells nothing.
    ///
    /// - Parameter changed: Never called.
    /// - Returns: `nil`.
    public func watch(_ changed: @escaping @Sendable (Int64) -> Void) -> MembershipWatch? { nil }

    /// Reads the newest view in one statement.
    ///
    /// - Returns: The view with all its members.
    /// - Throws: ``StorageError``.
    public func read() async throws -> MembershipView { try await read(known: 0).view }

    /// Forgets nobody: for stores that do not last.
    ///
    /// - Returns: 0.
    public func sweep() async throws -> Int { 0 }
}
