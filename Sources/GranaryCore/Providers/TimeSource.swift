/// Where a silo takes its time from; tests put a clock here that they turn by hand.
///
/// Readings only go forward, also while the machine sleeps, and say nothing about the date.
public protocol TimeSource: Sendable {
    /// The time since some moment in the past.
    var now: Duration { get }

    /// Waits until ``now`` is at least the given reading.
    ///
    /// - Parameter deadline: A reading of this source.
    /// - Throws: `CancellationError` when the task is cancelled first.
    func sleep(until deadline: Duration) async throws
}

extension TimeSource {
    /// Waits for a duration.
    ///
    /// - Parameter duration: How long.
    /// - Throws: `CancellationError` when the task is cancelled first.
    public func sleep(for duration: Duration) async throws {
        try await sleep(until: now + duration)
    }
}

/// The machine's own clock, which also runs while the machine sleeps (`CLOCK_BOOTTIME` on Linux).
public struct SystemTimeSource: TimeSource {
    private static let origin = ContinuousClock.now

    /// Makes the source; all of them share one origin within a process.
    public init() {}

    /// The time since the first use in this process.
    public var now: Duration { ContinuousClock.now - Self.origin }

    /// Waits on the system's clock.
    ///
    /// - Parameter deadline: A reading of this source.
    /// - Throws: `CancellationError` when the task is cancelled first.
    public func sleep(until deadline: Duration) async throws {
        try await Task.sleep(until: Self.origin + deadline, clock: .continuous)
    }
}
