/// How much memory the process has and may have, in bytes.
package struct MemoryReading: Sendable, Hashable {
    /// What it has: its resident set.
    package var used: UInt64
    /// What it may have: the memory of the machine, or of the control group that it runs in.
    package var available: UInt64

    package init(used: UInt64, available: UInt64) {
        self.used = used
        self.available = available
    }

    /// The share that is used, in percent.
    var percent: Double { available == 0 ? 0 : Double(used) * 100 / Double(available) }
}

/// Where a silo learns how much memory its process has.
package protocol MemorySource: Sendable {
    /// Reads it.
    ///
    /// - Returns: The reading; `nil` where it cannot be had.
    func read() -> MemoryReading?

    /// Hands memory that was freed back to the system, as far as that can be asked for.
    func trim()
}
