import GranaryCore

/// Growing pauses between attempts: each doubles, up to a limit, and half of it is random so that many clients that lost
/// the same server do not come back in step.
struct Backoff: Hashable, Sendable {
    /// The first pause before jitter.
    var first: Duration
    /// The longest pause.
    var limit: Duration

    /// The pause after some attempts failed.
    ///
    /// - Parameters:
    ///   - failures: How many attempts failed in a row, from 1.
    ///   - random: Where the jitter comes from.
    /// - Returns: Between a half and the whole of the doubled pause.
    func pause(after failures: Int, random: any RandomSource) -> Duration {
        let doublings = min(max(failures - 1, 0), 20)
        let whole = min(first * (1 << doublings), limit)
        let share = Double(random.next() >> 11) / Double(1 << 53)
        return whole * (0.5 + share / 2)
    }
}
