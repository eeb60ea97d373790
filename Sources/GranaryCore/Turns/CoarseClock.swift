public import Synchronization

/// A clock that is read for a nanosecond and is right to ten milliseconds: a silo's timer moves it forward.
///
/// Readings are ticks of ten milliseconds since the silo was made, so 32 bits last 497 days of one silo's life.
public final class CoarseClock: Sendable {
    @usableFromInline let ticks = Atomic<UInt32>(0)

    package init() {}

    /// The last reading of the clock that the silo's timer took.
    @inlinable public var now: UInt32 { ticks.load(ordering: .relaxed) }

    package func set(_ reading: UInt32) { ticks.store(reading, ordering: .relaxed) }
}

extension Duration {
    /// The length of one tick of the coarse clock in milliseconds.
    package static var tickMilliseconds: Int64 { 10 }

    /// The duration in ticks, rounded up, at most what 32 bits hold less a margin for additions.
    package var ticks: UInt32 {
        let (seconds, attoseconds) = components
        if seconds >= 20_000_000 { return 2_000_000_000 }
        if seconds < 0 { return 0 }
        let milliseconds = seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return UInt32((milliseconds + Self.tickMilliseconds - 1) / Self.tickMilliseconds)
    }
}
