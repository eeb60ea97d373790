internal import GranaryCore

/// How long to wait before the next attempt to connect: at random between half and all of a time that doubles.
struct Backoff: Hashable, Sendable {
    /// The time after the first failure.
    var first: Duration = .milliseconds(50)
    /// The most.
    var longest: Duration = .seconds(2)

    /// The wait before an attempt.
    ///
    /// - Parameters:
    ///   - failures: How many attempts failed in a row.
    ///   - random: 64 random bits.
    /// - Returns: The wait.
    func delay(after failures: Int, random: UInt64) -> Duration {
        let doubled = first * (1 << min(max(failures - 1, 0), 20))
        let full = min(doubled, longest)
        return full / 2 + full / 2 * (Double(random >> 11) / Double(1 << 53))
    }
}
