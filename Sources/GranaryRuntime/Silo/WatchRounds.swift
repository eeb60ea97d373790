/// Spreads the visits of the watchdog over its interval: with each tick come a few parts of the activations, so that a
/// million of them are no burst, and each part comes once in a round.
package struct WatchRounds {
    /// Into how many parts the activations are divided.
    package static let parts = 64

    private let interval: Duration
    private var began: Duration
    private var visited = 0

    /// Begins the first round.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - interval: How long a round takes.
    package init(from now: Duration, every interval: Duration) {
        self.interval = interval
        began = now
    }

    /// The parts to visit now.
    ///
    /// - Parameter now: The time.
    /// - Returns: Those that are due in this round; a part that was missed for a whole round is not made up for.
    package mutating func due(at now: Duration) -> Range<Int> {
        let first = visited
        let share = min((now - began) / interval, 1)
        visited = max(Int(share * Double(Self.parts)), first)
        guard visited == Self.parts else { return first..<visited }
        visited = 0
        began = now - began < interval * 2 ? began + interval : now
        return first..<Self.parts
    }
}
