public import GranaryCore

/// A change in the life of a silo of the cluster.
public struct MembershipEvent: Hashable, Sendable {
    /// The silo's name, which survives restarts.
    public var name: String
    /// The member's number: each start of a silo is another member.
    public var silo: Int32
    /// What it is from now on; `joining` when it has just joined.
    public var status: MemberStatus
    /// The number of the cluster's view that says so.
    public var view: Int64

    /// Makes an event.
    ///
    /// - Parameters:
    ///   - name: The silo's name.
    ///   - silo: The member's number.
    ///   - status: What it is from now on.
    ///   - view: The number of the view that says so.
    public init(name: String, silo: Int32, status: MemberStatus, view: Int64) {
        self.name = name
        self.silo = silo
        self.status = status
        self.view = view
    }
}
