extension Silo {
    /// The silos that come and go in the cluster: joined, active, leaving, left, dead.
    ///
    /// A silo without an endpoint, which is alone, tells of itself only.
    public var membershipEvents: MembershipEvents { MembershipEvents(runtime.news) }
}
