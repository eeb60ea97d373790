/// Decides how many activations leave when memory gets short.
///
/// Beyond the limit so many leave that the rest would use the target's share, if every activation used the same.
package struct MemoryPressure: Sendable, Hashable {
    /// The share of memory, in percent, beyond which activations leave.
    package var limit: Int
    /// The share of memory, in percent, that shall be left in use.
    package var target: Int

    package init(limit: Int, target: Int) {
        self.limit = limit
        self.target = target
    }

    /// How many activations are too many.
    ///
    /// - Parameters:
    ///   - activations: How many there are.
    ///   - reading: What they and all else use.
    /// - Returns: N - floor(N × target / used), and zero within the limit.
    package func excess(of activations: Int, at reading: MemoryReading) -> Int {
        let used = reading.percent
        guard used > Double(limit), used > Double(target) else { return 0 }
        return activations - Int((Double(activations) * Double(target) / used).rounded(.down))
    }
}
