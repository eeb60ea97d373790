internal import CGranaryTask
public import Synchronization

/// Until when a silo may serve (rules L2 and L3 of the cluster protocol): asked at the begin of each turn, at each reply
/// and at each call to another silo.
///
/// A silo that is alone may always.
public final class ServingLease: Sendable {
    /// A reading of the coarse clock; the largest number for "always".
    @usableFromInline let end = Atomic<Int64>(.max)
    /// A reading of the exact clock, which also runs while the machine sleeps; only in the strict mode.
    @usableFromInline let exactEnd = Atomic<Int64>(.max)

    /// How many grains have calls waiting that others must not pass by.
    @usableFromInline let detours = Atomic<Int>(0)

    package init() {}

    /// Whether a call may go straight to an activation: the silo may serve, and no call waits for its turn elsewhere.
    @inlinable var isDirect: Bool { isOpen && detours.load(ordering: .relaxed) == 0 }

    /// Counts a grain in, or out, with calls waiting that others must not pass by.
    package func addDetours(_ number: Int) { detours.wrappingAdd(number, ordering: .relaxed) }

    /// Whether the silo may serve now.
    @inlinable package var isOpen: Bool {
        let end = end.load(ordering: .relaxed)
        return end == .max || isOpen(until: end)
    }

    @usableFromInline
    func isOpen(until end: Int64) -> Bool {
        guard granary_coarse_clock() < end else { return false }
        let exact = exactEnd.load(ordering: .relaxed)
        return exact == .max || granary_exact_clock() < exact
    }

    /// Says how long the silo may serve from now on.
    ///
    /// - Parameters:
    ///   - left: How long; `nil` for not at all.
    ///   - isExact: Whether each turn asks the exact clock.
    package func set(left: Duration?, isExact: Bool) {
        let nanoseconds = left.map { left in
            let (seconds, attoseconds) = left.components
            return min(max(seconds, 0), 1_000_000) * 1_000_000_000 + max(attoseconds, 0) / 1_000_000_000
        }
        exactEnd.store(
            isExact ? nanoseconds.map { granary_exact_clock() + $0 } ?? .min : .max, ordering: .relaxed)
        end.store(nanoseconds.map { granary_coarse_clock() + $0 } ?? .min, ordering: .relaxed)
    }
}
