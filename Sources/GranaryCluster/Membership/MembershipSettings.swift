/// The times of membership and leases, each on the silo's own clock that also runs while the machine sleeps.
package struct MembershipSettings: Sendable, Hashable {
    /// The mode.
    package var mode: ClusterMode
    /// `L`: the length of this silo's lease.
    ///
    /// Default: 3 s.
    package var lease: Duration = .seconds(3)
    /// How often the lease is renewed.
    ///
    /// Default: 750 ms.
    package var renewalInterval: Duration = .milliseconds(750)
    /// How often each watched member is probed.
    ///
    /// Default: 250 ms.
    package var probeInterval: Duration = .milliseconds(250)
    /// When a probe counts as missed.
    ///
    /// Default: 500 ms.
    package var probeTimeout: Duration = .milliseconds(500)
    /// `T`: how long a member must not answer to be silent.
    ///
    /// Default: 1.5 s.
    package var silence: Duration = .milliseconds(1_500)
    /// `rho`: how much two clocks may differ in speed.
    ///
    /// Default: 0.001.
    package var drift = 0.001
    /// `delta`: how much earlier the lease ends than it could.
    ///
    /// Default: 100 ms.
    package var margin: Duration = .milliseconds(100)
    /// `G`: how long a majority that hears each other goes on without a database, in fast mode.
    ///
    /// Default: 60 s.
    package var grace: Duration = .seconds(60)
    /// How many others probe each member.
    ///
    /// Default: 8.
    package var probers = 8
    /// How much longer each further prober waits before it acts.
    ///
    /// Default: 30 ms.
    package var proberStep: Duration = .milliseconds(30)
    /// How late a tick may be before nothing that was missed counts.
    ///
    /// Default: 100 ms.
    package var lateTick: Duration = .milliseconds(100)
    /// How long two that others reach may miss each other.
    ///
    /// Default: 15 s.
    package var pairPatience: Duration = .seconds(15)
    /// When a statement without an answer counts as failed.
    ///
    /// Default: 1 s.
    package var storePatience: Duration = .seconds(1)
    /// Whether silent members are suspected: false only in a test that shows that the simulation notices.
    package var suspectsSilence = true

    /// Makes settings.
    ///
    /// - Parameter mode: The mode.
    package init(mode: ClusterMode) {
        self.mode = mode
    }
}
