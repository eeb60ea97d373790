/// A member's count of renewals over a series of reads.
struct RenewalWatch: Sendable {
    var renewals: Int64
    /// When the first read that showed this count had arrived.
    var since: Duration
    /// When the last one was sent.
    var lastSent: Duration

    /// How long the count is known not to have changed.
    var unchanged: Duration { lastSent - since }

    /// Takes a read into account.
    mutating func take(_ renewals: Int64, sent: Duration, arrived: Duration, gap: Duration) {
        if renewals != self.renewals || sent - lastSent > gap {
            self.renewals = renewals
            since = arrived
        }
        lastSent = sent
    }
}
