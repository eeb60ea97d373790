internal import CGranaryTask

/// A bell that one thread waits for and any thread rings.
///
/// Sendable though the compiler cannot see it: the pointer is to memory that this object owns and that is touched only
/// under the lock in it.
package final class Bell: @unchecked Sendable {
    private let bell = granary_bell_make()

    package init() {}

    deinit { granary_bell_free(bell) }

    /// Ends the wait that goes on, or the next one.
    package func ring() { granary_bell_ring(bell) }

    /// Blocks the thread until the bell is rung, at most so long.
    package func wait(atMost limit: Duration) {
        let (seconds, attoseconds) = max(limit, .zero).components
        granary_bell_wait(bell, min(seconds, 3_600) * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
