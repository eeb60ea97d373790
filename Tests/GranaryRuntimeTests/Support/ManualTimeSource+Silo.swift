import GranaryTesting

extension ManualTimeSource {
    /// Moves the clock forward in steps, and waits after each one until the silo's own loops sleep again: the one that
    /// looks at deadlines, the one that looks for idle grains and the one that renews the lease.
    func advance(by duration: Duration, in step: Duration) async {
        let end = now + duration
        while now < end {
            advance(by: min(step, end - now))
            await sleepers(atLeast: 3)
        }
    }
}
